-- id: LAB5.classes
-- zh: 劳务协作培训班
-- en: training classes
-- unit: 期
-- source: labour
-- datasets: [labour_training_class]
-- measure: count(distinct (class_key, class_norm, start_date))
-- definition_zh: 期内开班的培训班，按期次、班次名称和开班日期去重
-- definition_en: classes that start in the period, distinct by number, name and first day
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    c.class_key,
    c.class_norm,
    c.start_date,
    c.batch_id,
    c.row_no
from period as p
inner join core.labour_training_class as c
    on p.county_code = c.county_code and c.start_date between p.first_day and p.last_day
