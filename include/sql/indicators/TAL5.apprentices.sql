-- id: TAL5.apprentices
-- zh: 师带徒
-- en: pairs of master and apprentice
-- unit: 对
-- source: work
-- datasets: [work_secondment]
-- measure: sum(apprentices)
-- silent: "apprentices is null"
-- definition_zh: 期内开始的选派填报的师带徒数之和；当年没有一人填写的，视为未报告
-- definition_en: "sum over terms that start in the period: pairs of master and apprentice; not reported where no row of the year states any"
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    s.apprentices,
    s.batch_id,
    s.row_no
from period as p
inner join core.work_secondment as s
    on p.county_code = s.county_code and s.started_on between p.first_day and p.last_day
