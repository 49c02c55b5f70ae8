-- the periods in which a row may count: those of the years on record; where the row counts by a day, those that hold it.
-- grain: one row a period of a county. reads: mart.indicator_value.
select
    m.county_code,
    m.period_kind,
    m.period,
    m.first_day,
    m.last_day
from (
    select
        y.county_code,
        p.period_kind,
        p.period,
        p.first_day,
        p.last_day
    from (
        select
            v.county_code,
            v.period::integer as year
        from mart.indicator_value as v
        where v.county_code = {county_code} and v.period_kind = 'year'
        group by v.county_code, v.period
    ) as y
    cross join lateral generate_series(1, 12) as n (month)
    cross join
        lateral (
            values
            (
                'month', to_char(make_date(y.year, n.month, 1), 'YYYY-MM'), make_date(y.year, n.month, 1),
                (make_date(y.year, n.month, 1) + interval '1 month' - interval '1 day')::date
            ),
            (
                'year_to_date', to_char(make_date(y.year, n.month, 1), 'YYYY-MM'), make_date(y.year, 1, 1),
                (make_date(y.year, n.month, 1) + interval '1 month' - interval '1 day')::date
            ),
            ('year', y.year::text, make_date(y.year, 1, 1), make_date(y.year, 12, 31))
        ) as p (period_kind, period, first_day, last_day)
    where p.period_kind <> 'year' or n.month = 12
    union all
    select distinct
        v.county_code,
        v.period_kind,
        v.period,
        make_date(left(v.period, 4)::integer, 1, 1) as first_day,
        make_date(right(v.period, 4)::integer, 12, 31) as last_day
    from mart.indicator_value as v
    where v.county_code = {county_code} and v.period_kind = 'cumulative'
) as m
where {day}::date is null or {day}::date between m.first_day and m.last_day
