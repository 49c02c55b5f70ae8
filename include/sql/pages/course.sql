-- How figures of a county went through a year up to a month: each month's year to date.
-- grain: one row an indicator. reads: mart.indicator_value.
select
    v.indicator_id,
    array_agg(v.value order by v.period) as course
from mart.indicator_value as v
where
    v.county_code = %(county_code)s
    and v.period_kind = 'year_to_date'
    and v.breakdown = ''
    and v.period between left(%(period)s, 4) || '-01' and %(period)s
group by v.indicator_id
