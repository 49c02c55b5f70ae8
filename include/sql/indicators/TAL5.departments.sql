-- id: TAL5.departments
-- zh: 帮建重点科室
-- en: departments helped to be built up
-- unit: 个
-- source: work
-- datasets: [work_secondment]
-- measure: sum(departments)
-- silent: "departments is null"
-- definition_zh: 期内开始的选派填报的帮建重点科室数之和；当年没有一人填写的，视为未报告
-- definition_en: "sum over terms that start in the period: departments helped to be built up; not reported where no row of the year states any"
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    s.departments,
    s.batch_id,
    s.row_no
from period as p
inner join core.work_secondment as s
    on p.county_code = s.county_code and s.started_on between p.first_day and p.last_day
