-- zh: 消费帮扶分渠道情况表
-- en: consumption-support sales by channel
-- order: 4
-- spans: {year: year, month: year_to_date}
-- counts: CON1
-- grain: one row a platform, of sales off the platforms a channel as the ledger names it
-- reads: counted, core.sales_order
-- columns:
--   channel: {zh: 销售渠道, kind: text, spelled: channels}
--   orders: {zh: 订单（笔）, kind: count, unit: 笔, total: true}
--   net_yuan: {zh: 销售额, kind: money, unit: 元, total: true}
-- note_zh: 同一订单见于多个渠道的只计一次。
select
    max(o.platform) || ':' || coalesce(max(o.channel), '') as row_key,
    coalesce(max(o.channel), max(o.platform)) as channel,
    count(distinct o.shop_uscc || '/' || o.order_no) as orders,
    sum(n.net_yuan) as net_yuan
from counted as n
inner join core.sales_order as o
    on n.county_code = o.county_code and n.batch_id = o.batch_id and n.row_no = o.row_no
group by o.platform, o.channel
order by net_yuan desc, row_key
