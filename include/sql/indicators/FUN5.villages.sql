-- id: FUN5.villages
-- zh: 项目覆盖村
-- en: villages with projects
-- unit: 个
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: count(distinct village)
-- announced: true
-- unknown: "village is null"
-- definition_zh: 本年度下达文件所安排项目所在的村，去重；有项目未写明村的，为下限
-- definition_en: distinct villages of the year's projects; a lower bound where a project names none
select
    county_code,
    period_kind,
    period,
    town_code,
    village,
    batch_id,
    row_no
from project_counted
