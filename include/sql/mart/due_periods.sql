-- due: every period of the county-years that batches have touched, and whether figures of any dataset may have changed.
-- A touched month changes its own figures, the year to date from that month on, and the year.
-- grain: one row a county and period that has begun. reads: drained (touched months of this run).
insert into due (county_code, year, period_kind, period, first_day, last_day, is_touched)
with touched_year as (
    select
        county_code,
        extract(year from month)::integer as year,
        min(month) as first_month,
        array_agg(month) as months
    from drained
    group by 1, 2
),

calendar_month as (
    select
        y.county_code,
        y.year,
        y.first_month,
        y.months,
        m.month::date as month,
        (m.month + interval '1 month' - interval '1 day')::date as last_day
    from touched_year as y
    cross join
        lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
    where m.month <= %(today)s::date
)

select
    c.county_code,
    c.year,
    'month' as period_kind,
    to_char(c.month, 'YYYY-MM') as period,
    c.month as first_day,
    c.last_day,
    c.month = any(c.months) as is_touched
from calendar_month as c
union all
select
    c.county_code,
    c.year,
    'year_to_date' as period_kind,
    to_char(c.month, 'YYYY-MM') as period,
    make_date(c.year, 1, 1) as first_day,
    c.last_day,
    c.month >= c.first_month as is_touched
from calendar_month as c
union all
select
    y.county_code,
    y.year,
    'year' as period_kind,
    y.year::text as period,
    make_date(y.year, 1, 1) as first_day,
    make_date(y.year, 12, 31) as last_day,
    true as is_touched
from touched_year as y
