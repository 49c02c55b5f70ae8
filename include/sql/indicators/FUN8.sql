-- id: FUN8
-- zh: 项目总投资
-- en: planned investment of projects
-- unit: 元
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(planned_yuan)
-- announced: true
-- unknown: "planned_yuan is null"
-- definition_zh: 本年度下达文件所安排项目的计划（概算）总投资之和；有项目未填的，为下限
-- definition_en: planned investment of the projects of the year's letters; a lower bound where some state none
select
    county_code,
    period_kind,
    period,
    town_code,
    planned_yuan,
    planned_yuan_at_least as is_at_least,
    batch_id,
    row_no
from project_counted
