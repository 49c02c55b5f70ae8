-- id: FUN1
-- split: category
-- zh: 财政帮扶资金：按类别
-- en: fiscal aid by category of project
-- unit: 元
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(allocated_yuan)
-- announced: true
-- members_from: categories
-- probe: FUN2
-- definition_zh: 本年度下达文件所安排项目的安排资金之和，每个项目只属一个主类别
-- definition_en: money allocated to projects of the year's letters, each in its one primary category
select
    county_code,
    period_kind,
    period,
    town_code,
    category,
    allocated_yuan,
    is_at_least,
    batch_id,
    row_no
from project_counted
