-- id: TAL6.times
-- zh: 干部人才互派人次
-- en: terms of people seconded either way
-- unit: 人次
-- source: work
-- datasets: [work_secondment]
-- relations: [secondment_counted]
-- measure: count(*)
-- filters:
--   professionals: {where: "kind = 'professional'", zh: 专技人才互派人次, en: terms of professionals either way}
--   cadres: {where: "kind = 'cadre'", zh: 党政干部互派人次, en: terms of officials either way}
-- definition_zh: 选派期与期间有重叠的干部人才，双向合计，每人每个选派期计一次
-- definition_en: terms that overlap the period, both ways together, each once
select
    county_code,
    period_kind,
    period,
    null as town_code,
    kind,
    batch_id,
    row_no
from secondment_counted
