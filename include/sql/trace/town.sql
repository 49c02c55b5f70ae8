-- whether a township is one of the county's. grain: one row. reads: core.division, core.county.
select
    c.county_name,
    exists (
        select 1 from core.division as d
        where d.county_code = c.county_code and d.division_code = %(town)s and length(d.division_code) = 9
    ) as is_town
from core.county as c
where c.county_code = %(county_code)s
