-- audit.reconciliation: drops what a check said of periods that it no longer speaks of, of the years it looked at
-- where it goes by years.
-- grain: one row a county and period. reads: due_check, found.
with looked_at as (
    select distinct
        county_code,
        case when %(is_by_year)s then year end as year
    from due_check
    where dataset = any(%(datasets)s) and (year is not null or not %(is_by_year)s)
),

gone as (
    select
        r.county_code,
        r.period
    from looked_at as c
    inner join audit.reconciliation as r
        on
            c.county_code = r.county_code
            and r.check_id = %(check_id)s
            and (c.year is null or left(r.period, 4) = c.year::text)
    left join found as f on r.county_code = f.county_code and r.period = f.period
    where f.county_code is null
)

delete from audit.reconciliation as r
using gone as g
where r.county_code = g.county_code and r.check_id = %(check_id)s and r.period = g.period
