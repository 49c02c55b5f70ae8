-- id: ORG2.people
-- zh: 互访人次
-- en: people on mutual visits
-- unit: 人次
-- source: work
-- datasets: [work_visit]
-- measure: sum(people)
-- unknown: "people is null"
-- filters:
--   east_to_west: {where: "direction = 'east_to_west'", unknown: "people is null and direction = 'east_to_west'", zh: 来访人次, en: people who came from the east}
--   west_to_east: {where: "direction = 'west_to_east'", unknown: "people is null and direction = 'west_to_east'", zh: 赴东部人次, en: people who went to the east}
-- definition_zh: 期内开始的互访填报的人数之和；有的互访未填人数的，为下限
-- definition_en: people on the visits that start in the period as rows state; a lower bound where some state none
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    v.direction,
    v.people,
    v.batch_id,
    v.row_no
from period as p
inner join core.work_visit as v
    on p.county_code = v.county_code and v.started_on between p.first_day and p.last_day
