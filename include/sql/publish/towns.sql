-- townships of one county, in the order of their codes.
-- grain: one row a township or street. reads: core.division.
select
    d.division_code,
    d.division_name
from core.division as d
where
    d.county_code = %(county_code)s
    and d.parent_code = %(county_code)s
    and length(d.division_code) = 9
order by d.division_code
