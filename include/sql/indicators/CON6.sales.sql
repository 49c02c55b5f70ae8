-- id: CON6.sales
-- zh: 东部展销门店销售额
-- en: sales of outlets in the east
-- unit: 元
-- source: sales
-- datasets: [sales_outlet]
-- measure: sum(sales_yuan)
-- filters:
--   shop: {where: kind = 'shop', zh: 其中：门店销售额, en: of which of shops}
-- stock: true
-- kinds: [year_to_date, year]
-- definition_zh: 期末日所在年度内开着的展销中心、专馆、专柜和门店在台账中填写的年销售额之和，年内关闭的也计入；未填的使合计只是下限；只有累计数，没有当月数
-- definition_en: what the ledger states was sold in the year by the outlets open on some day of it up to the period's last one, those closed since among them; one that states none makes the sum a lower bound; year to date and year only
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    o.kind,
    o.sales_yuan,
    o.batch_id,
    o.row_no,
    o.sales_yuan is null or o.sales_yuan_at_least as is_at_least
from period as p
inner join core.sales_outlet as o
    on
        p.county_code = o.county_code
        and coalesce(o.opened_on, p.last_day) <= p.last_day
        and coalesce(o.closed_on, p.last_day) >= date_trunc('year', p.last_day)::date
