-- id: IND4
-- zh: 吸纳农村劳动力就业
-- en: rural workers employed by them
-- unit: 人
-- source: work
-- datasets: [work_enterprise]
-- relations: [eastern_province, enterprise_statement, enterprise_landed, enterprise_stated]
-- measure: sum(jobs)
-- filters:
--   lifted: {where: "true", measure: sum(jobs_lifted), zh: 其中：脱贫劳动力, en: of which people lifted out of poverty}
--   east: {towns: false, where: is_east, unknown: is_east is null, zh: 其中：东部企业吸纳就业, en: of which of firms backed by the east}
--   paired: {towns: false, where: is_paired, unknown: is_paired is null, zh: 其中：结对省（市）企业吸纳就业, en: of which of firms from the paired province}
-- kinds: [year_to_date, year]
-- definition_zh: 本年落地企业吸纳的农村劳动力之和，每家企业取截至期末日的最新一次填报；来源地看不出省份的企业使分项为下限；只有累计数，没有当月数
-- definition_en: rural workers of the firms that landed in the year, each firm's latest statement up to the period's last day; a firm that does not tell where it comes from makes the parts lower bounds; year to date and year only
select
    county_code,
    period_kind,
    period,
    null as town_code,
    jobs,
    jobs_lifted,
    is_east,
    is_paired,
    batch_id,
    row_no
from enterprise_stated
