-- audit.touched_period: an order may hide, or stop hiding, the same order of another feed in another month.
-- grain: one row a county and month. reads: changed, core.sales_order.
insert into audit.touched_period (county_code, month)
select distinct
    o.county_code,
    date_trunc('month', o.paid_on)::date as month
from changed as c
inner join core.sales_order as o
    on
        c.county_code = o.county_code
        and c.shop_uscc = o.shop_uscc
        and c.order_no = o.order_no
        and c.feed_rank <> o.feed_rank
where o.paid_on is not null
