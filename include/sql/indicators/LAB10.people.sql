-- id: LAB10.people
-- zh: 有组织（点对点）输转
-- en: people who left in organised departures
-- unit: 人
-- source: labour
-- datasets: [labour_placement]
-- relations: [eastern_province, spell_started]
-- measure: count(distinct person_key)
-- where: is_organised
-- unknown: "is_organised is null"
-- filters:
--   lifted: {towns: false, where: "is_organised and is_lifted", unknown: "is_organised is null and is_lifted", zh: 其中：脱贫人口, en: of which people lifted out of poverty}
--   paired: {towns: false, where: "is_organised and destination = 'paired'", unknown: "is_organised is null and destination = 'paired'", zh: 其中：输转到东部结对省份, en: of which to the paired province}
--   east: {towns: false, where: "is_organised and is_eastern", unknown: "is_organised is null and is_eastern", zh: 其中：输转到东部八省市, en: of which to eastern provinces}
--   home: {towns: false, where: "is_organised and destination = 'home'", unknown: "is_organised is null and destination = 'home'", zh: 其中：在省内输转, en: of which within the home province}
-- definition_zh: 期内开始的务工记录中填明有组织（点对点）输转的人，按人去重
-- definition_en: people with an organised spell that starts in the period, each once
select
    county_code,
    period_kind,
    period,
    null as town_code,
    is_organised,
    is_lifted,
    is_eastern,
    destination,
    person_key,
    batch_id,
    row_no
from spell_started
