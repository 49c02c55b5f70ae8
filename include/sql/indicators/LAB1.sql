-- id: LAB1
-- zh: 帮助农村劳动力转移就业
-- en: rural workers helped into jobs
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
--   east: {towns: false, where: "is_eastern", zh: 其中：赴东部八省市就业, en: of which in jobs in eastern provinces}
--   east_lifted: {towns: false, where: "is_eastern and is_lifted", zh: 其中：赴东部八省市就业的脱贫人口, en: of which people lifted out of poverty in jobs in eastern provinces}
-- definition_zh: 期内开始的务工记录按人去重，每人只在最近一次开始的记录上计一次；东部八省市指京、津、沪、苏、浙、闽、鲁、粤
-- definition_en: people with a spell that starts in the period, each once, at the spell with the latest start; the east are the eight provinces that give aid
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
    is_eastern,
    batch_id,
    row_no
from placement_counted
