-- audit.touched_period: months that were not reported (or not to their end) and now are.
-- The first word from a later year also completes the years before it. Only years that have figures
-- are looked at; a new year is built whole anyway.
-- grain: one row a county and month. reads: mart.indicator_value, audit.coverage before it moves.
insert into audit.touched_period (county_code, month)
select
    %(county_code)s as county_code,
    m.month::date as month
from (
    select
        v.period::integer as year,
        c.covers_to
    from mart.indicator_value as v
    left join audit.coverage as c
        on
            v.county_code = c.county_code
            and v.period::integer = c.year
            and c.dataset = %(dataset)s
    where v.county_code = %(county_code)s and v.period_kind = 'year'
    group by 1, 2
) as y
cross join lateral
    generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
where
    (y.covers_to is null or (y.covers_to < %(covers_to)s and m.month >= date_trunc('month', y.covers_to)))
    and m.month <= %(covers_to)s::date
    and (
        y.year = extract(year from %(covers_to)s::date)
        or not exists (
            select 1
            from audit.coverage as later
            where later.county_code = %(county_code)s and later.dataset = %(dataset)s and later.year > y.year
        )
    )
