-- Townships and villages of a county, to choose one from.
-- grain: one row a division. reads: core.division.
select
    d.division_code,
    d.division_name
from core.division as d
where d.county_code = %(county_code)s and d.level in ('township', 'town', 'street', 'village', 'community')
order by d.division_code
