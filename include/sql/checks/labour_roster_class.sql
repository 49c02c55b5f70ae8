-- zh: 每份花名册都对应一个登记在册的培训班；没有的无法确定开班时间，有关指标未报告或只是下限
-- en: every roster is of a class on record; of no class its month is unknown, and figures are not reported or lower bounds
-- left_zh: 花名册上的人次
-- left_en: places on rosters
-- right_zh: 其中有对应培训班的人次
-- right_en: of which on the roster of a class on record
-- datasets: [labour_training_roster, labour_training_class]
-- relations: [roster_class]
-- grain: one row a county
-- reads: touched_county, roster_class, core.labour_training_roster
with roster as (
    select
        c.county_code,
        r.class_key,
        count(*) as places,
        count(k.row_no) as places_dated
    from touched_county as c
    inner join core.labour_training_roster as r on c.county_code = r.county_code
    left join roster_class as k
        on r.county_code = k.county_code and r.batch_id = k.batch_id and r.row_no = k.row_no
    group by c.county_code, r.class_key
),

judged as (
    select
        county_code,
        sum(places) as places,
        sum(places_dated) as places_dated,
        array_agg(concat(class_key, '（', places - places_dated, ' 人）')) filter (where places_dated < places) as numbers
    from roster
    group by county_code
)

select
    county_code,
    '' as period,
    places as left_value,
    places_dated as right_value,
    case
        when numbers is null then ''
        else concat(
            places - places_dated, ' 人次的花名册没有对应的培训班，未计入培训人数；', audit.told('没有对应培训班的花名册：', numbers)
        )
    end as detail
from judged
