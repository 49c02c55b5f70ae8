-- id: CON6
-- zh: 东部展销门店
-- en: outlets in the east
-- unit: 个
-- source: sales
-- datasets: [sales_outlet]
-- measure: count(distinct (outlet_norm, place_norm))
-- filters:
--   centre: {where: kind = 'centre', zh: 其中：展销中心, en: of which centres}
--   hall: {where: kind = 'hall', zh: 其中：专馆, en: of which halls}
--   counter: {where: kind = 'counter', zh: 其中：专柜, en: of which counters}
--   shop: {where: kind = 'shop', zh: 其中：门店, en: of which shops}
-- stock: true
-- definition_zh: 期末日开着的展销中心、专馆、专柜和门店，按名称和地点去重；未写开业时间的视为一直开着，未写关闭时间的视为仍然开着
-- definition_en: outlets open on the period's last day, distinct by name and place; no first day means since ever, no last day means still
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    o.outlet_norm,
    o.place_norm,
    o.kind,
    o.batch_id,
    o.row_no
from period as p
inner join core.sales_outlet as o
    on
        p.county_code = o.county_code
        and coalesce(o.opened_on, p.last_day) <= p.last_day
        and coalesce(o.closed_on, p.last_day) >= p.last_day
