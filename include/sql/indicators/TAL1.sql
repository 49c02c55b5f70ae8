-- id: TAL1
-- total: false
-- zh: 选派党政干部
-- en: officials seconded
-- unit: 人
-- source: work
-- datasets: [work_secondment]
-- relations: [secondment_counted]
-- measure: count(distinct person_key)
-- announced: true
-- filters:
--   east_to_west: {where: direction = 'east_to_west', zh: 东部选派党政干部, en: officials seconded east to west}
--   both: {where: "true", zh: 党政干部双向交流, en: officials seconded either way}
--   west_to_east: {where: direction = 'west_to_east', zh: 西部选派党政干部, en: officials seconded west to east}
-- definition_zh: 选派期与期间有重叠的党政干部，按人（县、姓名、派出单位）去重
-- definition_en: officials whose term overlaps the period, distinct people by county, name and sending unit
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    direction,
    batch_id,
    row_no
from secondment_counted
where kind = 'cadre'
