-- order_sold: orders paid in each period and not closed, each once though two feeds may tell it.
-- buyer: the province of the buyer by the first two characters of what is typed, empty where they are no province's.
-- grain: one row a county, period and order line. reads: period, province_named, core.sales_order, core.county.
select
    p.county_code,
    p.period_kind,
    p.period,
    o.platform,
    o.channel,
    o.sales_mode,
    v.province_name as buyer,
    v.is_eastern,
    v.province_name = c.paired_province_name as is_paired,
    v.province_name = c.province_name as is_own,
    o.payment_yuan - coalesce(o.refund_yuan, 0) as net_yuan,
    o.batch_id,
    o.row_no
from period as p
inner join core.sales_order as o
    on p.county_code = o.county_code and o.paid_on between p.first_day and p.last_day
inner join core.county as c on p.county_code = c.county_code
left join province_named as v on left(coalesce(o.buyer_province, o.buyer_region), 2) = v.stem
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
