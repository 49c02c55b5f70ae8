-- id: IND3.agreed
-- zh: 协议投资
-- en: investment agreed
-- unit: 元
-- source: work
-- datasets: [work_enterprise]
-- relations: [eastern_province, enterprise_statement, enterprise_landed, enterprise_stated]
-- measure: sum(agreed_yuan)
-- unknown: "agreed_yuan is null"
-- kinds: [year_to_date, year]
-- definition_zh: 本年落地企业的协议投资之和，每家企业取截至期末日的最新一次填报；有企业未填的，为下限；只有累计数，没有当月数
-- definition_en: investment agreed with the firms that landed in the year, each firm's latest statement up to the period's last day; a lower bound where some state none; year to date and year only
select
    county_code,
    period_kind,
    period,
    null as town_code,
    agreed_yuan,
    agreed_yuan_at_least as is_at_least,
    batch_id,
    row_no
from enterprise_stated
