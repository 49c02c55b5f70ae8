-- id: FUN4
-- total: false
-- zh: 项目进展
-- en: progress of projects
-- unit: 个
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: count(distinct project_no)
-- filters:
--   started: {where: "started_on <= last_day", silent: "started_on is null", zh: 已开工项目, en: projects started}
--   finished: {where: "finished_on <= last_day", silent: "finished_on is null", zh: 已完工项目, en: projects finished}
--   accepted: {where: "accepted_on <= last_day", silent: "accepted_on is null", zh: 已验收项目, en: projects accepted}
-- kinds: [year_to_date, year]
-- definition_zh: 本年度下达文件所安排的项目中，截至期末日已开工、完工、验收的，按项目编号去重；台账当年没有一个项目填写该日期的，视为未报告；只有累计数，没有当月数
-- definition_en: distinct projects of the year's letters that were started, finished or accepted by the period's last day; not reported where no project of the year states such a day; year to date and year only
select
    county_code,
    period_kind,
    period,
    town_code,
    project_no,
    started_on,
    finished_on,
    accepted_on,
    last_day,
    batch_id,
    row_no
from project_counted
