-- id: FUN5.households
-- zh: 项目受益户
-- en: households that projects benefit
-- unit: 户
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(households)
-- announced: true
-- unknown: "households is null"
-- filters:
--   lifted: {towns: false, where: "true", measure: sum(households_lifted), unknown: "households_lifted is null", zh: 其中：脱贫户, en: of which lifted households}
-- definition_zh: 本年度下达文件所安排项目的受益户数之和；同一户受益于几个项目的，台账不能识别，重复计算
-- definition_en: "sum of the households that the year's projects state; one that several projects benefit counts in each: ledgers do not tell which they are"
select
    county_code,
    period_kind,
    period,
    town_code,
    households,
    households_lifted,
    batch_id,
    row_no
from project_counted
