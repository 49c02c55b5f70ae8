-- id: CON5
-- total: false
-- zh: 消费帮扶对接会
-- en: matchmaking meetings
-- unit: 次
-- source: work
-- datasets: [work_matchmaking]
-- measure: count(distinct (held_on, name))
-- filters:
--   online: {where: kind = 'online', zh: 线上消费帮扶对接会, en: online matchmaking meetings}
--   higher: {where: kind = 'higher', zh: 参加省市组织的对接会, en: matchmaking meetings held by province or city}
-- definition_zh: 期内举办的消费帮扶对接活动，按日期和活动名称去重
-- definition_en: matchmaking events held in the period, distinct by day and name
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    m.held_on,
    m.name,
    m.kind,
    m.batch_id,
    m.row_no
from period as p
inner join core.work_matchmaking as m
    on p.county_code = m.county_code and m.held_on between p.first_day and p.last_day
