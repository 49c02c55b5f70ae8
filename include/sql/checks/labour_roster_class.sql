-- zh: 每份花名册都对应一个登记在册的培训班；没有的不计入任何指标
-- en: every roster is of a class on record; one of no class counts in no figure
-- left_zh: 花名册上的人次
-- left_en: places on rosters
-- right_zh: 其中有对应培训班的人次
-- right_en: of which on the roster of a class on record
-- datasets: [labour_training_roster, labour_training_class]
-- grain: one row a county
-- reads: touched_county, core.labour_training_roster, core.labour_training_class
with roster as (
    select
        c.county_code,
        r.class_key,
        count(*) as places,
        regexp_replace(r.class_key, '^(19|20)[0-9]{2}-', '') in (
            select regexp_replace(k.class_key, '^(19|20)[0-9]{2}-', '')
            from core.labour_training_class as k
            where k.county_code = c.county_code
        ) as is_known
    from touched_county as c
    inner join core.labour_training_roster as r on c.county_code = r.county_code
    group by c.county_code, r.class_key
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
