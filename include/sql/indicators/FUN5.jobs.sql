-- id: FUN5.jobs
-- zh: 项目带动就业
-- en: people whom projects bring into work
-- unit: 人
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(jobs)
-- announced: true
-- unknown: "jobs is null"
-- filters:
--   lifted: {towns: false, where: "true", measure: sum(jobs_lifted), unknown: "jobs_lifted is null", zh: 其中：脱贫劳动力, en: of which people lifted out of poverty}
-- definition_zh: 本年度下达文件所安排项目填写的带动就业人数之和；有项目未填的，为下限；同一人在几个项目务工的，重复计算
-- definition_en: people brought into work as the year's projects state; a lower bound where some state none; one at work in several projects counts in each
select
    county_code,
    period_kind,
    period,
    town_code,
    jobs,
    jobs_lifted,
    batch_id,
    row_no
from project_counted
