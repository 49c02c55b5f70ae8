-- id: FUN1.for_industry
-- zh: 用于产业的协作资金
-- en: collaboration money for industry
-- unit: 元
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(allocated_yuan)
-- announced: true
-- definition_zh: 本年度下达文件所安排项目中，类别在目录中标为产业的项目的安排资金之和
-- definition_en: money allocated to those of the year's projects whose category is marked as one for industry
select
    county_code,
    period_kind,
    period,
    town_code,
    allocated_yuan,
    is_at_least,
    batch_id,
    row_no
from project_counted
where is_industry
