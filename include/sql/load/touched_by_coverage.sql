-- audit.touched_period: months that were not reported (or not to their end) and now are.
-- Years on record after it, of which nothing is said yet, are known up to this day from now on.
-- Only years that have figures or are about to have them are looked at; a new year is built whole anyway. What a running build has drained
-- shows in touched_period until its figures show, so that no year is missed between the two.
-- grain: one row a county and month. reads: mart.indicator_value, audit.touched_period, audit.coverage before it moves.
insert into audit.touched_period (county_code, month, dataset)
select
    %(county_code)s as county_code,
    m.month::date as month,
    %(dataset)s as dataset
from (
    select
        k.year,
        c.covers_from,
        c.covers_to
    from (
        select v.period::integer as year
        from mart.indicator_value as v
        where v.county_code = %(county_code)s and v.period_kind = 'year'
        union
        select extract(year from t.month)::integer as year
        from audit.touched_period as t
        where t.county_code = %(county_code)s
    ) as k
    left join audit.coverage as c on k.year = c.year and c.county_code = %(county_code)s and c.dataset = %(dataset)s
) as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
where
    (
        y.covers_to is null
        or (y.covers_to < %(covers_to)s and m.month >= date_trunc('month', y.covers_to))
        or (y.covers_from > coalesce(%(covers_from)s::date, make_date(y.year, 1, 1)) and m.month <= y.covers_from)
    )
    and (
        (
            m.month <= %(covers_to)s::date
            and y.year = extract(year from %(covers_to)s::date)
        )
        or (y.covers_to is null and m.month > %(covers_to)s::date and m.month = make_date(y.year, 1, 1))
    )
