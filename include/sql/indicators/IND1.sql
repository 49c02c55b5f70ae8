-- id: IND1
-- zh: 共建产业园
-- en: joint industrial parks
-- unit: 个
-- source: work
-- datasets: [work_park]
-- measure: count(distinct park_norm)
-- stock: true
-- definition_zh: 期末日存续的共建产业园，按园区名称去重；未写共建时间的视为一直存续，未写退出时间的视为仍然存续
-- definition_en: joint parks on the period's last day, distinct by name; no first day means since ever, no last day means still
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    k.park_norm,
    k.batch_id,
    k.row_no
from period as p
inner join core.work_park as k
    on
        p.county_code = k.county_code
        and coalesce(k.started_on, p.last_day) <= p.last_day
        and coalesce(k.ended_on, p.last_day) >= p.last_day
