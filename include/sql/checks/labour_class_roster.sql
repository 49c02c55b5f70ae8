-- zh: 培训班登记的参训人数等于花名册人数
-- en: the people a class states are those on its roster
-- left_zh: 当年开班的培训班登记的参训人数合计
-- left_en: people trained as the year's classes state them
-- right_zh: 这些班花名册上的人数合计
-- right_en: people on the rosters of these classes
-- datasets: [labour_training_class, labour_training_roster]
-- relations: [roster_class]
-- grain: one row a county and year
-- reads: touched_county, core.labour_training_class, roster_class
with listed as (
    select
        k.county_code,
        k.term_no,
        k.start_date,
        k.n_trained,
        count(distinct r.person_key) as n_listed
    from touched_county as c
    inner join core.labour_training_class as k on c.county_code = k.county_code and k.n_trained is not null
    left join roster_class as r
        on
            k.county_code = r.county_code
            and k.class_key = r.of_class_key
            and k.class_norm = r.of_class_norm
            and k.start_date = r.start_date
    group by k.county_code, k.reporting_unit, k.class_key, k.class_norm, k.term_no, k.start_date, k.n_trained
)

select
    county_code,
    extract(year from start_date)::text as period,
    sum(n_trained) as left_value,
    sum(n_listed) as right_value,
    concat_ws(
        '；',
        audit.told(
            '登记人数与花名册不一致的班次：',
            array_agg(
                concat(term_no, '（登记 ', n_trained, ' 人，花名册 ', n_listed, ' 人）')
            ) filter (where n_trained <> n_listed and n_listed > 0)
        ),
        audit.told('没有花名册的班次：', array_agg(term_no) filter (where n_trained > 0 and n_listed = 0))
    ) as detail
from listed
group by county_code, extract(year from start_date)
