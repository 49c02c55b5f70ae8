-- zh: 产销对接活动情况表
-- en: events that brought sellers and buyers together
-- order: 109
-- spans: {year: year}
-- grain: one row an event on one day
-- reads: period, core.work_matchmaking
-- columns:
--   held_on: {zh: 日期, kind: date, month: true}
--   name: {zh: 活动名称, kind: text}
--   kind: {zh: 组织层级, kind: text, spelled: work_matchmaking.kind}
--   place: {zh: 地点, kind: text}
--   firms: {zh: 参加企业, kind: count, unit: 家}
select
    m.held_on || '/' || m.name as row_key,
    m.held_on,
    m.name,
    max(m.kind) as kind,
    max(m.place) as place,
    max(m.firms) as firms
from period as p
inner join core.work_matchmaking as m
    on p.county_code = m.county_code and m.held_on between p.first_day and p.last_day
group by m.held_on, m.name
order by m.held_on, row_key
