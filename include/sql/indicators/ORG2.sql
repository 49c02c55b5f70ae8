-- id: ORG2
-- zh: 双方互访
-- en: mutual visits
-- unit: 次
-- source: work
-- datasets: [work_visit]
-- measure: count(distinct (direction, started_on))
-- filters:
--   east_to_west: {where: direction = 'east_to_west', zh: 东部来访, en: visits east to west}
--   west_to_east: {where: direction = 'west_to_east', zh: 赴东部对接, en: visits west to east}
--   rank_main: {where: "rank = 'main'", unknown: "rank is null", zh: 其中：带队为主要领导, en: of which led by main leaders}
--   rank_deputy: {where: "rank = 'deputy'", unknown: "rank is null", zh: 其中：带队为分管领导, en: of which led by deputies in charge}
--   rank_department: {where: "rank = 'department'", unknown: "rank is null", zh: 其中：带队为部门负责人, en: of which led by heads of departments}
--   rank_provincial: {where: "rank = 'provincial'", unknown: "rank is null", zh: 其中：带队为省部级, en: of which of provincial rank}
--   rank_prefecture: {where: "rank = 'prefecture'", unknown: "rank is null", zh: 其中：带队为地厅级, en: of which of prefectural rank}
--   rank_county: {where: "rank = 'county'", unknown: "rank is null", zh: 其中：带队为县处级, en: of which of county rank}
--   rank_section: {where: "rank = 'section'", unknown: "rank is null", zh: 其中：带队为乡科级, en: of which of township rank}
--   east_to_west_main: {where: "direction = 'east_to_west' and rank = 'main'", unknown: "direction = 'east_to_west' and rank is null", zh: 东部来访其中：带队为主要领导, en: visits east to west led by main leaders}
--   east_to_west_deputy: {where: "direction = 'east_to_west' and rank = 'deputy'", unknown: "direction = 'east_to_west' and rank is null", zh: 东部来访其中：带队为分管领导, en: visits east to west led by deputies in charge}
--   east_to_west_department: {where: "direction = 'east_to_west' and rank = 'department'", unknown: "direction = 'east_to_west' and rank is null", zh: 东部来访其中：带队为部门负责人, en: visits east to west led by heads of departments}
--   east_to_west_provincial: {where: "direction = 'east_to_west' and rank = 'provincial'", unknown: "direction = 'east_to_west' and rank is null", zh: 东部来访其中：带队为省部级, en: visits east to west of provincial rank}
--   east_to_west_prefecture: {where: "direction = 'east_to_west' and rank = 'prefecture'", unknown: "direction = 'east_to_west' and rank is null", zh: 东部来访其中：带队为地厅级, en: visits east to west of prefectural rank}
--   east_to_west_county: {where: "direction = 'east_to_west' and rank = 'county'", unknown: "direction = 'east_to_west' and rank is null", zh: 东部来访其中：带队为县处级, en: visits east to west of county rank}
--   east_to_west_section: {where: "direction = 'east_to_west' and rank = 'section'", unknown: "direction = 'east_to_west' and rank is null", zh: 东部来访其中：带队为乡科级, en: visits east to west of township rank}
--   west_to_east_main: {where: "direction = 'west_to_east' and rank = 'main'", unknown: "direction = 'west_to_east' and rank is null", zh: 赴东部对接其中：带队为主要领导, en: visits west to east led by main leaders}
--   west_to_east_deputy: {where: "direction = 'west_to_east' and rank = 'deputy'", unknown: "direction = 'west_to_east' and rank is null", zh: 赴东部对接其中：带队为分管领导, en: visits west to east led by deputies in charge}
--   west_to_east_department: {where: "direction = 'west_to_east' and rank = 'department'", unknown: "direction = 'west_to_east' and rank is null", zh: 赴东部对接其中：带队为部门负责人, en: visits west to east led by heads of departments}
--   west_to_east_provincial: {where: "direction = 'west_to_east' and rank = 'provincial'", unknown: "direction = 'west_to_east' and rank is null", zh: 赴东部对接其中：带队为省部级, en: visits west to east of provincial rank}
--   west_to_east_prefecture: {where: "direction = 'west_to_east' and rank = 'prefecture'", unknown: "direction = 'west_to_east' and rank is null", zh: 赴东部对接其中：带队为地厅级, en: visits west to east of prefectural rank}
--   west_to_east_county: {where: "direction = 'west_to_east' and rank = 'county'", unknown: "direction = 'west_to_east' and rank is null", zh: 赴东部对接其中：带队为县处级, en: visits west to east of county rank}
--   west_to_east_section: {where: "direction = 'west_to_east' and rank = 'section'", unknown: "direction = 'west_to_east' and rank is null", zh: 赴东部对接其中：带队为乡科级, en: visits west to east of township rank}
-- definition_zh: 期内开始的互访，按方向和开始日期去重
-- definition_en: visits that start in the period, distinct by direction and first day
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    v.direction,
    v.started_on,
    v.rank,
    v.batch_id,
    v.row_no
from period as p
inner join core.work_visit as v
    on p.county_code = v.county_code and v.started_on between p.first_day and p.last_day
