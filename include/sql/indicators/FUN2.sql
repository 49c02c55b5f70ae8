-- id: FUN2
-- zh: 财政帮扶项目
-- en: fiscal aid projects
-- unit: 个
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: count(distinct project_no)
-- announced: true
-- filters:
--   province_level: {where: "fund_level = 'province'", unknown: "fund_level is null", zh: 其中：省级资金项目, en: of which with money of the province}
--   city_level: {where: "fund_level = 'city'", unknown: "fund_level is null", zh: 其中：地市级资金项目, en: of which with money of the city}
--   county_level: {where: "fund_level = 'county'", unknown: "fund_level is null", zh: 其中：区县级资金项目, en: of which with money of the county or district}
--   pairing: {where: "fund_level = 'pairing'", unknown: "fund_level is null", zh: 其中：镇村结对资金项目, en: of which with money of paired towns and villages}
-- definition_zh: 本年度下达文件所安排的项目，按项目编号去重；按项目所属文件的资金级次分列，文件未写级次的使分项为下限
-- definition_en: distinct projects of the year's allocation letters; by the level of the letter, one that states none making the parts lower bounds
select
    county_code,
    period_kind,
    period,
    town_code,
    project_no,
    fund_level,
    batch_id,
    row_no
from project_counted
