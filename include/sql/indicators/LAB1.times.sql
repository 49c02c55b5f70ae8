-- id: LAB1.times
-- zh: 帮助农村劳动力转移就业人次
-- en: job spells of rural workers
-- unit: 人次
-- source: labour
-- datasets: [labour_placement]
-- relations: [eastern_province, spell_started]
-- measure: count(*)
-- filters:
--   lifted: {where: is_lifted, zh: 其中：脱贫人口人次, en: of which of people lifted out of poverty}
--   paired: {where: "destination = 'paired'", zh: 其中：赴东部结对省份人次, en: of which in the paired province}
--   east: {where: is_eastern, zh: 其中：赴东部八省市人次, en: of which in eastern provinces}
--   home: {where: "destination = 'home'", zh: 其中：省内人次, en: of which in the home province}
-- definition_zh: 期内开始的务工记录数，一人几次外出计几次；同一人同月到同一单位的为一次
-- definition_en: spells that start in the period, each once, a person as often as he or she left; one person, month and employer are one spell
select
    county_code,
    period_kind,
    period,
    null as town_code,
    is_lifted,
    destination,
    is_eastern,
    batch_id,
    row_no
from spell_started
