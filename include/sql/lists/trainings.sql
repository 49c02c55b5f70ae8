-- zh: 干部人才培训情况表
-- en: classes for officials, professionals and leaders of getting rich
-- order: 119
-- spans: {year: year}
-- grain: one row a class
-- reads: period, core.work_training
-- columns:
--   kind: {zh: 培训对象, kind: text, spelled: work_training.kind}
--   name: {zh: 培训班, kind: text}
--   host: {zh: 主办单位, kind: text}
--   started_on: {zh: 开班日期, kind: date, month: true}
--   people: {zh: 培训人次, kind: count, unit: 人次, total: true}
select
    concat_ws('/', t.kind, t.training_norm, t.started_on) as row_key,
    t.kind,
    concat(
        t.name, case when t.term_no ~ '^[0-9]+$' then '第' || t.term_no || '期' else t.term_no end
    ) as name,
    t.host,
    t.started_on,
    t.people
from period as p
inner join core.work_training as t
    on p.county_code = t.county_code and t.started_on between p.first_day and p.last_day
order by t.started_on, row_key
