-- zh: 劳务协作培训班情况表
-- en: training classes held
-- order: 106
-- spans: {year: year}
-- grain: one row a class
-- reads: period, core.labour_training_class
-- columns:
--   start_date: {zh: 开班日期, kind: date, month: true}
--   class_name: {zh: 班次名称, kind: text}
--   org: {zh: 培训机构, kind: text}
--   n_trained: {zh: 台账所列参训人数, kind: count, unit: 人}
-- note_zh: 参训人数为培训班台账所列，按人去重的人数以主要指标为准。
select
    concat_ws('/', c.class_key, c.class_norm, c.start_date) as row_key,
    c.start_date,
    coalesce(max(c.class_name), '第' || max(c.term_no) || '期培训班') as class_name,
    max(c.org) as org,
    max(c.n_trained) as n_trained
from period as p
inner join core.labour_training_class as c
    on p.county_code = c.county_code and c.start_date between p.first_day and p.last_day
group by c.class_key, c.class_norm, c.start_date
order by c.start_date, row_key
