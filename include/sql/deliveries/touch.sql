-- audit.touched_period: every month of the years on record, since what deliveries speak of is told anew.
-- grain: one row a county, month and dataset. reads: mart.indicator_value, audit.touched_period.
insert into audit.touched_period (county_code, month, dataset)
select
    %(county_code)s as county_code,
    m.month::date as month,
    d.dataset
from (
    select v.period::integer as year
    from mart.indicator_value as v
    where v.county_code = %(county_code)s and v.period_kind = 'year'
    union
    select extract(year from t.month)::integer as year
    from audit.touched_period as t
    where t.county_code = %(county_code)s
) as y
cross join lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
cross join unnest(%(datasets)s::text[]) as d (dataset)
