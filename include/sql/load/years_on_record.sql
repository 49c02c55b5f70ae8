-- The years of a county that figures are of, or are about to be: those that deliveries speak of, this one among them, those
-- that have figures, and those of months that are to be built.
-- grain: one row a year. reads: audit.coverage, mart.indicator_value, audit.touched_period.
select year
from audit.coverage
where county_code = %(county_code)s
union
select extract(year from %(covers_to)s::date)::integer as year
union
select period::integer as year
from mart.indicator_value
where county_code = %(county_code)s and period_kind = 'year'
union
select extract(year from month)::integer as year
from audit.touched_period
where county_code = %(county_code)s
