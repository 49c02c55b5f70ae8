-- id: FUN7
-- zh: 到位资金
-- en: money arrived
-- unit: 元
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(arrived_yuan)
-- unknown: "arrived_yuan is null"
-- kinds: [year_to_date, year]
-- definition_zh: 本年度下达文件所安排项目的到位资金之和，以台账最近一次填报为准；有项目未填的，为下限；只有累计数，没有当月数
-- definition_en: money that arrived for the projects of the year's letters, as stated last; a lower bound where some state none; year to date and year only
select
    county_code,
    period_kind,
    period,
    town_code,
    arrived_yuan,
    arrived_yuan_at_least as is_at_least,
    batch_id,
    row_no
from project_counted
