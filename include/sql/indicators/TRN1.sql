-- id: TRN1
-- zh: 党政干部培训班
-- en: classes of training of officials
-- unit: 期
-- source: work
-- datasets: [work_training]
-- measure: count(distinct (kind, training_norm, started_on))
-- definition_zh: 期内开班的党政干部培训班，按类别、名称期次和开班日期去重
-- definition_en: classes of training of officials that start in the period, distinct by kind, name with number, and first day
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    t.kind,
    t.training_norm,
    t.started_on,
    t.batch_id,
    t.row_no
from period as p
inner join core.work_training as t
    on
        p.county_code = t.county_code
        and t.started_on between p.first_day and p.last_day
        and t.kind = 'cadre'
