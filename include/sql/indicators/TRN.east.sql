-- id: TRN.east
-- zh: 赴东部干部人才培训班
-- en: classes held in the east
-- unit: 期
-- source: work
-- datasets: [work_training]
-- measure: count(distinct (kind, training_norm, started_on))
-- where: "site = 'east'"
-- unknown: "site is null"
-- definition_zh: 期内开班、在东部举办的干部人才培训班；有班次未填举办地的，只是下限
-- definition_en: classes that start in the period and are held in the east; a class that does not say where makes it a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    t.kind,
    t.training_norm,
    t.started_on,
    t.site,
    t.batch_id,
    t.row_no
from period as p
inner join core.work_training as t
    on
        p.county_code = t.county_code
        and t.started_on between p.first_day and p.last_day
