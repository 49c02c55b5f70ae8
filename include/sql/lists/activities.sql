-- zh: 帮扶活动情况表
-- en: activities of help
-- order: 120
-- spans: {year: year}
-- grain: one row an activity at one place
-- reads: period, core.work_activity
-- columns:
--   held_on: {zh: 活动日期, kind: date, month: true}
--   name: {zh: 活动, kind: text}
--   giver: {zh: 组织单位, kind: text}
--   place: {zh: 地点, kind: text}
--   people: {zh: 服务人次, kind: count, unit: 人次, total: true}
select
    concat_ws('/', a.held_on, a.activity_norm, a.place_norm) as row_key,
    a.held_on,
    a.name,
    a.giver,
    a.place,
    a.people
from period as p
inner join core.work_activity as a
    on p.county_code = a.county_code and a.held_on between p.first_day and p.last_day
order by a.held_on, row_key
