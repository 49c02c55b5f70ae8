-- zh: 同一人当年只在一个班的花名册上
-- en: a person is on the roster of one class a year
-- severity: warns
-- left_zh: 当年各班花名册人次
-- left_en: places on the rosters of the year's classes
-- right_zh: 去重人数
-- right_en: distinct people on them
-- datasets: [labour_training_roster, labour_training_class]
-- relations: [roster_class]
-- grain: one row a county and year
-- reads: touched_county, roster_class
with person as (
    select
        r.county_code,
        extract(year from r.start_date) as year,
        r.person_key,
        count(distinct concat_ws('/', r.of_class_key, r.of_class_norm, r.start_date)) as times,
        string_agg(distinct r.of_class_key, '、' order by r.of_class_key) as classes
    from touched_county as c
    inner join roster_class as r on c.county_code = r.county_code
    group by r.county_code, extract(year from r.start_date), r.person_key
),

repeated as (
    select
        county_code,
        year,
        classes,
        sum(times) as places,
        count(*) as people,
        bool_or(times > 1) as is_repeated
    from person
    group by county_code, year, classes
)

select
    county_code,
    year::text as period,
    sum(places) as left_value,
    sum(people) as right_value,
    concat_ws(
        '；',
        audit.told(
            '有人重复参加的班次：', array_agg(concat(classes, '（', people, ' 人）')) filter (where is_repeated)
        )
    ) as detail
from repeated
group by county_code, year
