-- id: FUN2
-- split: category
-- zh: 财政帮扶项目：按类别
-- en: fiscal aid projects by category
-- unit: 个
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: count(distinct project_no)
-- announced: true
-- members_from: categories
-- member_zh: "{zh}项目数"
-- member_en: "{en}: projects"
-- probe: FUN2
-- definition_zh: 本年度下达文件所安排的该类别项目，按项目编号去重，每个项目只属一个主类别
-- definition_en: distinct projects of the year's letters of the category, each in its one primary category
select
    county_code,
    period_kind,
    period,
    town_code,
    category,
    project_no,
    batch_id,
    row_no
from project_counted
