-- id: IND5
-- zh: 引进企业项目
-- en: projects of the firms brought in
-- unit: 个
-- source: work
-- datasets: [work_enterprise]
-- relations: [eastern_province, enterprise_statement, enterprise_landed, enterprise_stated]
-- measure: sum(projects)
-- unknown: "projects is null"
-- kinds: [year_to_date, year]
-- definition_zh: 本年落地企业的投资项目数之和，每家企业取截至期末日的最新一次填报；有企业未填的，为下限；只有累计数，没有当月数
-- definition_en: projects of the firms that landed in the year, each firm's latest statement up to the period's last day; a lower bound where some state none; year to date and year only
select
    county_code,
    period_kind,
    period,
    null as town_code,
    projects,
    batch_id,
    row_no
from enterprise_stated
