-- id: LAB4
-- zh: 到其他地区就业
-- en: in jobs elsewhere
-- unit: 人
-- source: labour
-- datasets: [labour_placement]
-- relations: [eastern_province, placement_counted]
-- measure: count(distinct person_key)
-- filters:
--   lifted: {where: is_lifted, zh: 其中：脱贫人口, en: of which people lifted out of poverty}
--   monitored: {towns: false, where: "household_type = 'monitored' or monitor_class in ('unstable', 'marginal', 'hardship')", unknown: "household_type is null and monitor_class is null", zh: 其中：防返贫监测对象, en: of which people watched for falling back}
--   unstable: {towns: false, where: "monitor_class = 'unstable'", unknown: "household_type = 'monitored' and monitor_class is null or household_type is null and monitor_class is null", zh: 其中：脱贫不稳定户, en: of which of unstable households}
--   marginal: {towns: false, where: "monitor_class = 'marginal'", unknown: "household_type = 'monitored' and monitor_class is null or household_type is null and monitor_class is null", zh: 其中：边缘易致贫户, en: of which of marginal households}
--   hardship: {towns: false, where: "monitor_class = 'hardship'", unknown: "household_type = 'monitored' and monitor_class is null or household_type is null and monitor_class is null", zh: 其中：突发严重困难户, en: of which of households in sudden hardship}
--   low_income: {towns: false, where: "is_low_income", unknown: "is_low_income is null", zh: 其中：低收入人口, en: of which people of low income}
--   disabled: {towns: false, where: "is_disabled", unknown: "is_disabled is null", zh: 其中：残疾人, en: of which disabled people}
--   relocated: {towns: false, where: "is_relocated", unknown: "is_relocated is null", zh: 其中：易地搬迁人口, en: of which relocated people}
-- definition_zh: LAB1 中务工地点既不在结对省（市）也不在本省的人
-- definition_en: people of LAB1 whose job is in neither province
select
    county_code,
    period_kind,
    period,
    town_code,
    person_key,
    is_lifted,
    household_type,
    monitor_class,
    is_low_income,
    is_disabled,
    is_relocated,
    batch_id,
    row_no
from placement_counted
where destination = 'other'
