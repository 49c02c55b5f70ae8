-- order_bought: who bought on each day of the years asked for, each buyer and day once: a year of a million orders has far
-- fewer of them, and each is looked at in every period it lies in. An order of two feeds is the first one's, as in order_sold.
-- grain: one row a county, day and buyer. reads: period, core.sales_order.
with span as (
    select
        p.county_code,
        min(p.first_day) as first_day,
        max(p.last_day) as last_day
    from period as p
    group by p.county_code
)

select distinct on (o.county_code, o.paid_on, o.buyer_org)
    o.county_code,
    o.paid_on,
    o.buyer_org,
    o.batch_id,
    o.row_no
from span as s
inner join core.sales_order as o
    on s.county_code = o.county_code and o.paid_on between s.first_day and s.last_day
where
    o.status = 'paid'
    and (
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
order by o.county_code, o.paid_on, o.buyer_org, o.batch_id, o.row_no
