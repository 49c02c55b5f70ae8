-- id: FUN6
-- zh: 有联农带农机制的项目
-- en: projects in which farmers share
-- unit: 个
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: count(distinct project_no)
-- announced: true
-- where: linkage is not null
-- silent: "linkage is null"
-- definition_zh: 本年度下达文件所安排项目中写明联农带农机制的，按项目编号去重；台账当年没有一个项目填写的，视为未报告
-- definition_en: distinct projects of the year's letters that state how farmers share in them; not reported where none of the year does
select
    county_code,
    period_kind,
    period,
    town_code,
    project_no,
    linkage,
    batch_id,
    row_no
from project_counted
