-- audit.touched_period: an order may hide, or stop hiding, the same order of another feed in another month.
-- Orders are looked up by their number, which the key begins with (offset 0 keeps the look-up apart); none is while
-- the county has only one feed.
-- grain: one row a county and month. reads: changed or staging.sales_order, core.sales_order, audit.batch.
insert into audit.touched_period (county_code, month, dataset)
select distinct
    s.county_code,
    date_trunc('month', o.paid_on)::date as month,
    %(dataset)s as dataset
from {rows} as s
cross join
    lateral (
        select t.paid_on
        from core.sales_order as t
        where
            t.county_code = %(county_code)s
            and t.order_no = s.order_no
            and t.shop_uscc = s.shop_uscc
            and t.feed_rank <> {feed_rank_of_s}
            and t.paid_on is not null
        offset 0 -- noqa: AM09, it leaves nothing out
    ) as o
where
    ({of_rows})
    and exists (
        select 1
        from audit.batch as b
        where
            b.county_code = %(county_code)s
            and b.dataset = 'sales_order'
            and b.feed <> %(feed)s
            and b.state = 'loaded'
    )
