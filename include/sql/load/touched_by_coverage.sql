-- audit.touched_period: months that were not reported (or not to their end) and now are.
-- Only years that have figures are looked at; a new year is built whole anyway.
-- grain: one row a county and month. reads: mart.indicator_value, audit.coverage before it moves.
insert into audit.touched_period (county_code, month)
select
    %(county_code)s as county_code,
    m.month::date as month
from (
    select distinct v.period::integer as year
    from mart.indicator_value as v
    where v.county_code = %(county_code)s and v.period_kind = 'year'
) as y
cross join lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
where
    m.month <= %(covers_to)s::date
    and m.month >= coalesce(
        (
            select date_trunc('month', c.covers_to)
            from audit.coverage as c
            where c.county_code = %(county_code)s and c.dataset = %(dataset)s and c.covers_to < %(covers_to)s
        ),
        case
            when exists (
                select 1 from audit.coverage as c
                where c.county_code = %(county_code)s and c.dataset = %(dataset)s
            ) then 'infinity'::timestamp
            else '-infinity'::timestamp
        end
    )
