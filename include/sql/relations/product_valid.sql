-- product_valid: recognised products whose recognition holds on each period's last day.
-- firm_id: the firm's credit code; where a row has none, the code another row gives the same name, else the name.
-- grain: one row a county, period and register row. reads: period, core.sales_product.
with coded as (
    select
        county_code,
        firm_norm,
        min(uscc) as uscc
    from core.sales_product
    where uscc is not null and county_code in (select p.county_code from period as p)
    group by county_code, firm_norm
)

select
    p.county_code,
    p.period_kind,
    p.period,
    s.product_norm,
    s.batch_id,
    s.row_no,
    coalesce(s.uscc, c.uscc, s.firm_norm) as firm_id
from period as p
inner join core.sales_product as s
    on
        p.county_code = s.county_code
        and coalesce(s.recognised_on, p.last_day) <= p.last_day
        and coalesce(s.expires_on, p.last_day) >= p.last_day
left join coded as c on s.county_code = c.county_code and s.firm_norm = c.firm_norm
