-- zh: 消费帮扶分渠道销售额
-- en: sales by channel, the largest first
-- order: 108
-- spans: {year: year}
-- counts: CON1
-- annex: sales_by_channel
-- grain: one row a channel
-- reads: counted, core.sales_order
-- columns:
--   channel: {zh: 销售渠道, kind: text, spelled: channels}
--   net_yuan: {zh: 销售额, kind: money, unit: 元, total: true}
select
    coalesce(o.channel, o.platform) as row_key,
    coalesce(o.channel, o.platform) as channel,
    sum(n.net_yuan) as net_yuan
from counted as n
inner join core.sales_order as o
    on n.county_code = o.county_code and n.batch_id = o.batch_id and n.row_no = o.row_no
group by coalesce(o.channel, o.platform)
order by net_yuan desc, row_key
