-- id: IND3
-- zh: 完成投资
-- en: investment made
-- unit: 元
-- source: work
-- datasets: [work_enterprise]
-- relations: [enterprise_statement, enterprise_landed, enterprise_stated]
-- measure: sum(actual_yuan)
-- kinds: [year_to_date, year]
-- definition_zh: 本年落地企业的到位投资之和，每家企业取截至期末日的最新一次填报；只有累计数，没有当月数
-- definition_en: investment made by the firms that landed in the year, each firm's latest statement up to the period's last day; year to date and year only
select
    county_code,
    period_kind,
    period,
    null as town_code,
    actual_yuan,
    is_at_least,
    batch_id,
    row_no
from enterprise_stated
