-- drained: every month of every year on record of some counties, whatever their rows are of.
-- grain: one row a county and month. reads: mart.indicator_value.
insert into drained (county_code, month, dataset)
select distinct
    v.county_code,
    m.month::date as month,
    '' as dataset
from mart.indicator_value as v
cross join
    lateral generate_series(
        make_date(v.period::integer, 1, 1), make_date(v.period::integer, 12, 1), interval '1 month'
    ) as m (month)
where v.county_code = any(%(counties)s) and v.period_kind = 'year'
