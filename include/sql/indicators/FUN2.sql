-- id: FUN2
-- zh: 财政帮扶项目
-- en: fiscal aid projects
-- unit: 个
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: count(distinct project_no)
-- announced: true
-- definition_zh: 本年度下达文件所安排的项目，按项目编号去重
-- definition_en: distinct projects of the year's allocation letters
select
    county_code,
    period_kind,
    period,
    town_code,
    project_no,
    batch_id,
    row_no
from project_counted
