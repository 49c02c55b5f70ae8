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
--   east_to_west: {where: "direction = 'east_to_west'", zh: 东部选派干部人才人次, en: terms of people from the east}
--   east_to_west_professionals: {where: "direction = 'east_to_west' and kind = 'professional'", zh: 东部选派专技人才人次, en: terms of professionals from the east}
--   east_to_west_cadres: {where: "direction = 'east_to_west' and kind = 'cadre'", zh: 东部选派党政干部人次, en: terms of officials from the east}
--   west_to_east: {where: "direction = 'west_to_east'", zh: 西部选派干部人才人次, en: terms of people from the west}
--   west_to_east_professionals: {where: "direction = 'west_to_east' and kind = 'professional'", zh: 西部选派专技人才人次, en: terms of professionals from the west}
--   west_to_east_cadres: {where: "direction = 'west_to_east' and kind = 'cadre'", zh: 西部选派党政干部人次, en: terms of officials from the west}
-- definition_zh: 选派期与期间有重叠的干部人才，双向合计，每人每个选派期计一次
-- definition_en: terms that overlap the period, both ways together, each once
select
    county_code,
    period_kind,
    period,
    null as town_code,
    kind,
    direction,
    batch_id,
    row_no
from secondment_counted
