-- id: FUN1.categories
-- zh: 资金项目类别数
-- en: categories of projects
-- unit: 类
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: count(distinct category)
-- announced: true
-- definition_zh: 本年度下达文件所安排项目的主类别，去重
-- definition_en: distinct primary categories of the year's projects
select
    county_code,
    period_kind,
    period,
    town_code,
    category,
    batch_id,
    row_no
from project_counted
