-- id: CON6.people
-- zh: 东部展销门店从业人员
-- en: people at outlets in the east
-- unit: 人
-- source: sales
-- datasets: [sales_outlet]
-- measure: sum(people)
-- filters:
--   shop: {where: kind = 'shop', zh: 其中：门店从业人员, en: of which at shops}
-- stock: true
-- definition_zh: 期末日开着的展销中心、专馆、专柜和门店的从业人数之和；未填的使合计只是下限
-- definition_en: people who work at the outlets open on the period's last day; one that states none makes the sum a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    o.kind,
    o.people,
    o.batch_id,
    o.row_no,
    o.people is null as is_at_least
from period as p
inner join core.sales_outlet as o
    on
        p.county_code = o.county_code
        and coalesce(o.opened_on, p.last_day) <= p.last_day
        and coalesce(o.closed_on, p.last_day) >= p.last_day
