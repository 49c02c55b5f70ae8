-- name of one county. grain: one row. reads: core.county.
select c.county_name
from core.county as c
where c.county_code = %(county_code)s
