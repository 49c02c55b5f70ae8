-- id: IND3
-- zh: 完成投资
-- en: investment made
-- unit: 元
-- source: work
-- datasets: [work_enterprise]
-- relations: [eastern_province, enterprise_statement, enterprise_landed, enterprise_stated]
-- measure: sum(actual_yuan)
-- filters:
--   east: {where: is_east, unknown: is_east is null, zh: 其中：东部企业完成投资, en: of which of firms backed by the east}
--   paired: {where: is_paired, unknown: is_paired is null, zh: 其中：结对省（市）企业完成投资, en: of which of firms from the paired province}
-- kinds: [year_to_date, year]
-- definition_zh: 本年落地企业的到位投资之和，每家企业取截至期末日的最新一次填报；来源地看不出省份的企业使分项为下限；只有累计数，没有当月数
-- definition_en: investment made by the firms that landed in the year, each firm's latest statement up to the period's last day; a firm that does not tell where it comes from makes the parts lower bounds; year to date and year only
select
    county_code,
    period_kind,
    period,
    null as town_code,
    actual_yuan,
    is_at_least,
    is_east,
    is_paired,
    batch_id,
    row_no
from enterprise_stated
