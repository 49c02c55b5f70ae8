-- How many rows some reporting units have.
-- grain: one row. reads: core.<dataset>.
select count(*) as row_count
from {core} as c
where c.county_code = %(county_code)s and c.reporting_unit = any(%(units)s::text[])
