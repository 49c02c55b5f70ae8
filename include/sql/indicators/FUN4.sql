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
--   started.province_level: {where: "started_on <= last_day and fund_level = 'province'", unknown: "started_on <= last_day and fund_level is null", silent: "started_on is null", zh: 已开工省级资金项目, en: projects with money of the province started}
--   started.city_level: {where: "started_on <= last_day and fund_level = 'city'", unknown: "started_on <= last_day and fund_level is null", silent: "started_on is null", zh: 已开工地市级资金项目, en: projects with money of the city started}
--   started.county_level: {where: "started_on <= last_day and fund_level = 'county'", unknown: "started_on <= last_day and fund_level is null", silent: "started_on is null", zh: 已开工区县级资金项目, en: projects with money of the county or district started}
--   started.pairing: {where: "started_on <= last_day and fund_level = 'pairing'", unknown: "started_on <= last_day and fund_level is null", silent: "started_on is null", zh: 已开工镇村结对资金项目, en: projects with money of paired towns and villages started}
--   finished.province_level: {where: "finished_on <= last_day and fund_level = 'province'", unknown: "finished_on <= last_day and fund_level is null", silent: "finished_on is null", zh: 已完工省级资金项目, en: projects with money of the province finished}
--   finished.city_level: {where: "finished_on <= last_day and fund_level = 'city'", unknown: "finished_on <= last_day and fund_level is null", silent: "finished_on is null", zh: 已完工地市级资金项目, en: projects with money of the city finished}
--   finished.county_level: {where: "finished_on <= last_day and fund_level = 'county'", unknown: "finished_on <= last_day and fund_level is null", silent: "finished_on is null", zh: 已完工区县级资金项目, en: projects with money of the county or district finished}
--   finished.pairing: {where: "finished_on <= last_day and fund_level = 'pairing'", unknown: "finished_on <= last_day and fund_level is null", silent: "finished_on is null", zh: 已完工镇村结对资金项目, en: projects with money of paired towns and villages finished}
--   accepted.province_level: {where: "accepted_on <= last_day and fund_level = 'province'", unknown: "accepted_on <= last_day and fund_level is null", silent: "accepted_on is null", zh: 已验收省级资金项目, en: projects with money of the province accepted}
--   accepted.city_level: {where: "accepted_on <= last_day and fund_level = 'city'", unknown: "accepted_on <= last_day and fund_level is null", silent: "accepted_on is null", zh: 已验收地市级资金项目, en: projects with money of the city accepted}
--   accepted.county_level: {where: "accepted_on <= last_day and fund_level = 'county'", unknown: "accepted_on <= last_day and fund_level is null", silent: "accepted_on is null", zh: 已验收区县级资金项目, en: projects with money of the county or district accepted}
--   accepted.pairing: {where: "accepted_on <= last_day and fund_level = 'pairing'", unknown: "accepted_on <= last_day and fund_level is null", silent: "accepted_on is null", zh: 已验收镇村结对资金项目, en: projects with money of paired towns and villages accepted}
-- kinds: [year_to_date, year]
-- definition_zh: 本年度下达文件所安排的项目中，截至期末日已开工、完工、验收的，按项目编号去重；按项目所属文件的资金级次分列；台账当年没有一个项目填写该日期的，视为未报告；只有累计数，没有当月数
-- definition_en: distinct projects of the year's letters that were started, finished or accepted by the period's last day, also by the level of their letter; not reported where no project of the year states such a day; year to date and year only
select
    county_code,
    period_kind,
    period,
    town_code,
    project_no,
    fund_level,
    started_on,
    finished_on,
    accepted_on,
    last_day,
    batch_id,
    row_no
from project_counted
