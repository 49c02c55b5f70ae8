-- names of some townships and villages of a county.
-- grain: one row a division. reads: core.division.
select
    d.division_code,
    d.division_name
from core.division as d
where d.county_code = %(county_code)s and d.division_code = any(%(codes)s)
