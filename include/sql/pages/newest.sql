-- The newest month a county has figures of, and the months it has any of.
-- grain: one row a month, newest first. reads: mart.indicator_value.
select v.period
from mart.indicator_value as v
where
    v.county_code = %(county_code)s
    and v.period_kind = 'year_to_date'
    and v.breakdown = ''
    and v.value is not null
    and v.period <= %(last)s
    and v.as_of >= (v.period || '-01')::date
group by v.period
order by v.period desc
limit 60
