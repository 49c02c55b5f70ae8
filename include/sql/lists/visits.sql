-- zh: 互访情况表
-- en: visits in both directions; who led them is told by rank, not by name
-- order: 103
-- spans: {year: year}
-- grain: one row a visit in one direction
-- reads: period, core.work_visit
-- columns:
--   started_on: {zh: 开始日期, kind: date}
--   ended_on: {zh: 结束日期, kind: date}
--   direction: {zh: 方向, kind: text, spelled: work_visit.direction}
--   rank: {zh: 带队领导级别, kind: text, spelled: work_visit.rank}
--   purpose: {zh: 事由, kind: text}
select
    v.direction || '/' || v.started_on as row_key,
    v.started_on,
    nullif(max(v.ended_on), v.started_on) as ended_on,
    v.direction,
    nullif(max(v.rank), 'other') as rank,
    max(v.purpose) as purpose
from period as p
inner join core.work_visit as v
    on p.county_code = v.county_code and v.started_on between p.first_day and p.last_day
group by v.direction, v.started_on
order by v.started_on, v.direction
