-- id: FUN5.people
-- zh: 项目受益人口
-- en: people whom projects benefit
-- unit: 人
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(people)
-- announced: true
-- unknown: "people is null"
-- filters:
--   lifted: {towns: false, where: "true", measure: sum(people_lifted), unknown: "people_lifted is null", zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- definition_zh: 本年度下达文件所安排项目的受益人口之和；同一人受益于几个项目的，台账不能识别，重复计算
-- definition_en: "sum of the people whom the year's projects state; one whom several projects benefit counts in each: ledgers do not tell who they are"
select
    county_code,
    period_kind,
    period,
    town_code,
    people,
    people_lifted,
    batch_id,
    row_no
from project_counted
