-- whether what is asked for exists: no row without the county, then its township and the indicator.
-- grain: one row. reads: core.county, core.division, mart.indicator.
select
    d.division_code is not null as is_town,
    i.indicator_id is not null as is_indicator
from core.county as c
left join core.division as d
    on
        c.county_code = d.county_code
        and d.division_code = %(town)s
        and length(d.division_code) = 9
left join mart.indicator as i on i.indicator_id = %(indicator_id)s
where c.county_code = %(county_code)s
