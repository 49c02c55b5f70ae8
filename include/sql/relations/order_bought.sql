-- order_bought: who bought on each day by what the 832 platform's exports and the office's own ledgers tell, each buyer and
-- day once: there organisations buy. Orders of other platforms are of private people, and far too many to be read again
-- every night for a number that is no sum of its months. An order that an earlier feed tells as well is that feed's; one
-- that was refunded as a whole bought nothing.
-- The days are compared outside: with them here, the index of all orders by day would be gone through.
-- grain: one row a county, day and buyer. reads: period, core.sales_order.
select distinct on (o.county_code, o.paid_on, o.buyer_org)
    o.county_code,
    o.paid_on,
    o.buyer_org,
    o.batch_id,
    o.row_no
from core.sales_order as o
where
    o.county_code in (select p.county_code from period as p)
    and o.feed_rank > 1
    and o.status = 'paid'
    and o.payment_yuan > coalesce(o.refund_yuan, 0)
    and not exists (
        select 1
        from core.sales_order as earlier
        where
            earlier.county_code = o.county_code
            and earlier.order_no = o.order_no
            and earlier.shop_uscc = o.shop_uscc
            and earlier.feed_rank < o.feed_rank
    )
order by o.county_code, o.paid_on, o.buyer_org, o.batch_id, o.row_no
