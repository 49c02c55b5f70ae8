-- zh: 培训班期次不重复使用
-- en: a class number is used once
-- left_zh: 当年开班的培训班数
-- left_en: classes that start in the year
-- right_zh: 按期次去重的班数
-- right_en: classes distinct by number
-- datasets: [labour_training_class]
-- grain: one row a county and year
-- reads: touched_county, core.labour_training_class
with numbered as (
    select
        c.county_code,
        extract(year from k.start_date) as year,
        k.class_key,
        count(*) as times,
        string_agg(
            concat(coalesce(k.class_name, '未写班名'), ' ', k.start_date), '／' order by k.start_date, k.class_norm
        ) as said
    from touched_county as c
    inner join core.labour_training_class as k on c.county_code = k.county_code
    group by c.county_code, extract(year from k.start_date), k.class_key
)

select
    county_code,
    year::text as period,
    sum(times) as left_value,
    count(*) as right_value,
    concat_ws(
        '；', audit.told('重复使用的期次：', array_agg(concat(class_key, '（', said, '）')) filter (where times > 1))
    ) as detail
from numbered
group by county_code, year
