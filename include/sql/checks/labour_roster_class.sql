-- zh: 每份花名册都对应一个登记在册的培训班；没有的不计入任何指标
-- en: every roster is of a class on record; one of no class counts in no figure
-- left_zh: 花名册上的人次
-- left_en: places on rosters
-- right_zh: 其中有对应培训班的人次
-- right_en: of which on the roster of a class on record
-- datasets: [labour_training_roster, labour_training_class]
-- grain: one row a county
-- reads: touched_county, core.labour_training_roster, core.labour_training_class
with class_on_record as (
    select distinct
        c.county_code,
        regexp_replace(k.class_key, '^(19|20)[0-9]{2}-', '') as class_of_any_year
    from touched_county as c
    inner join core.labour_training_class as k on c.county_code = k.county_code
),

place as (
    select
        c.county_code,
        r.class_key,
        regexp_replace(r.class_key, '^(19|20)[0-9]{2}-', '') as class_of_any_year,
        count(*) as places
    from touched_county as c
    inner join core.labour_training_roster as r on c.county_code = r.county_code
    group by c.county_code, r.class_key
),

roster as (
    select
        p.county_code,
        p.class_key,
        p.places,
        k.county_code is not null as is_known
    from place as p
    left join class_on_record as k
        on p.county_code = k.county_code and p.class_of_any_year = k.class_of_any_year
)

select
    county_code,
    '' as period,
    sum(places) as left_value,
    coalesce(sum(places) filter (where is_known), 0) as right_value,
    concat_ws(
        '；',
        audit.told(
            '没有对应培训班的花名册：', array_agg(concat(class_key, '（', places, ' 人）')) filter (where not is_known)
        )
    ) as detail
from roster
group by county_code
