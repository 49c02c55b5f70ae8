-- id: TAL6
-- zh: 干部人才互派
-- en: people seconded either way
-- unit: 人
-- source: work
-- datasets: [work_secondment]
-- relations: [secondment_counted]
-- measure: count(distinct person_key)
-- announced: true
-- filters:
--   professionals: {towns: false, where: "kind = 'professional'", zh: 互派专技人才, en: professionals seconded either way}
--   east_to_west: {towns: false, where: "direction = 'east_to_west'", zh: 东部选派干部人才, en: people seconded east to west}
--   west_to_east: {towns: false, where: "direction = 'west_to_east'", zh: 西部选派干部人才, en: people seconded west to east}
-- definition_zh: 选派期与期间有重叠的干部人才，双向合计，按人（县、姓名、派出单位）去重
-- definition_en: people whose term overlaps the period, both ways together, distinct people by county, name and sending unit
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    kind,
    direction,
    batch_id,
    row_no
from secondment_counted
