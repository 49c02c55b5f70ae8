-- The townships of a county, with the other names they go by.
-- grain: one row a township. reads: core.division.
select
    division_name,
    aliases
from core.division
where county_code = %(county_code)s and level in ('township', 'town') and left(division_code, 6) = %(county_code)s
order by division_code
