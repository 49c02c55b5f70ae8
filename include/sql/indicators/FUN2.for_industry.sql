-- id: FUN2.for_industry
-- zh: 产业类项目
-- en: projects for industry
-- unit: 个
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: count(distinct project_no)
-- announced: true
-- definition_zh: 本年度下达文件所安排项目中，类别在目录中标为产业的项目，按项目编号去重
-- definition_en: distinct projects of the year's letters whose category is marked as one for industry
select
    county_code,
    period_kind,
    period,
    town_code,
    project_no,
    batch_id,
    row_no
from project_counted
where is_industry
