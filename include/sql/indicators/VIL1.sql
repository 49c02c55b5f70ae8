-- id: VIL1
-- zh: 共建乡村振兴示范村
-- en: demonstration villages
-- unit: 个
-- source: work
-- datasets: [work_village]
-- measure: count(distinct village_code)
-- stock: true
-- definition_zh: 期末日的乡村振兴示范村，按村去重；未写确定时间的视为一直是，未写退出时间的视为仍然是
-- definition_en: demonstration villages on the period's last day; no first day means since ever, no last day means still
select
    p.county_code,
    p.period_kind,
    p.period,
    v.town as town_code,
    v.village_code,
    v.batch_id,
    v.row_no
from period as p
inner join core.work_village as v
    on
        p.county_code = v.county_code
        and coalesce(v.named_on, p.last_day) <= p.last_day
        and coalesce(v.ended_on, p.last_day) >= p.last_day
