-- id: CON1
-- zh: 消费帮扶销售额
-- en: consumption-support sales
-- unit: 元
-- source: sales
-- datasets: [sales_order]
-- measure: sum(net_yuan)
-- additive: true
-- definition_zh: 期内支付且未关闭的订单，实付减退款（按目前所知）；同一卖家同一订单号见于多个渠道的只计一次，平台接口优先，其次832导出，再次台账
-- definition_en: orders paid in the period and not closed, payment minus refund as known now; the same seller and order number in two feeds is one order, of the first feed
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    o.payment_yuan - coalesce(o.refund_yuan, 0) as net_yuan,
    o.batch_id,
    o.row_no
from period as p
inner join core.sales_order as o
    on p.county_code = o.county_code and o.paid_on between p.first_day and p.last_day
where
    o.status = 'paid'
    and (
        -- the first feed has none before it; of the others each order is looked up by its number: whatever share of the
        -- orders they are, a join would read the orders of all months to find those of one
        o.feed_rank = 1
        or not exists (
            select 1
            from core.sales_order as earlier
            where
                earlier.county_code = o.county_code
                and earlier.order_no = o.order_no
                and earlier.shop_uscc = o.shop_uscc
                and earlier.feed_rank < o.feed_rank
        )
    )
