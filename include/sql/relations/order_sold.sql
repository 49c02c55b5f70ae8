-- order_sold: orders paid in each period and not closed, each once though two feeds may tell it.
-- buyer: the province that what is typed of the buyer begins with; that of the county's partner where it begins with the
-- partner's name (和平区, which many provinces have); else empty: 河北区 is no place in 河北省, and 北京路 a street.
-- grain: one row a county, period and order line. reads: period, province_named, core.sales_order, core.county.
with sold as (
    select
        p.county_code,
        p.period_kind,
        p.period,
        o.platform,
        o.channel,
        o.sales_mode,
        c.province_name,
        c.paired_province_name,
        coalesce(o.buyer_province, o.buyer_region) as typed,
        starts_with(coalesce(o.buyer_province, o.buyer_region), c.paired_county_name) as is_partner,
        o.payment_yuan - coalesce(o.refund_yuan, 0) as net_yuan,
        o.batch_id,
        o.row_no
    from period as p
    inner join core.sales_order as o
        on p.county_code = o.county_code and o.paid_on between p.first_day and p.last_day
    inner join core.county as c on p.county_code = c.county_code
    where
        o.status = 'paid'
        and (
            -- the first feed has none before it; of the others each order is looked up by its number: whatever share of
            -- the orders they are, a join would read the orders of all months to find those of one
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
)

select
    s.county_code,
    s.period_kind,
    s.period,
    s.platform,
    s.channel,
    s.sales_mode,
    v.province_name as buyer,
    v.is_eastern,
    v.province_name = s.paired_province_name as is_paired,
    v.province_name = s.province_name as is_own,
    s.net_yuan,
    s.batch_id,
    s.row_no
from sold as s
left join province_named as v
    on
        left(case when s.is_partner then s.paired_province_name else s.typed end, 2) = v.stem
        and case
            when s.is_partner or s.typed in (v.short_name, v.stem) then true
            when starts_with(s.typed, v.province_name) then substr(s.typed, length(v.province_name) + 1, 1) <> '场'
            else substr(s.typed, length(v.short_name) + 1) ~ v.following
        end
