-- zh: 同一订单在两个渠道中的金额一致；不一致时以优先渠道为准
-- en: an order that two feeds tell has one amount; where it differs the first feed counts
-- left_zh: 金额不一致的订单在优先渠道的金额（元）
-- left_en: the counted feed's amounts of the orders that differ, in yuan
-- right_zh: 这些订单在另一渠道的金额（元）
-- right_en: the other feed's amounts of these orders, in yuan
-- datasets: [sales_order]
-- grain: one row a county
-- reads: touched_county, core.sales_order
with told as (
    select
        o.county_code,
        o.shop_uscc,
        o.order_no,
        o.feed_rank,
        sum(o.payment_yuan) as payment_yuan
    from touched_county as c
    inner join core.sales_order as o on c.county_code = o.county_code
    where o.feed_rank > 1
    group by o.county_code, o.shop_uscc, o.order_no, o.feed_rank
),

both_told as (
    select
        t.county_code,
        t.order_no,
        t.payment_yuan as other_yuan,
        sum(o.payment_yuan) as counted_yuan
    from told as t
    inner join core.sales_order as o
        on t.county_code = o.county_code and t.shop_uscc = o.shop_uscc and t.order_no = o.order_no
    where o.feed_rank < t.feed_rank
    group by t.county_code, t.shop_uscc, t.order_no, t.feed_rank, t.payment_yuan
)

select
    c.county_code,
    '' as period,
    coalesce(sum(b.counted_yuan), 0) as left_value,
    coalesce(sum(b.other_yuan), 0) as right_value,
    concat_ws('；', audit.told('两个渠道金额不一致的订单：', array_agg(b.order_no))) as detail
from touched_county as c
left join both_told as b on c.county_code = b.county_code and b.counted_yuan <> b.other_yuan
group by c.county_code
