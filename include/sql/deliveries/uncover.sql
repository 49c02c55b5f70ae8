-- audit.coverage: what deliveries speak of is told anew, of the years that one to be left out spoke of.
-- grain: one row a county, dataset and year. reads: parameters.
delete from audit.coverage as c
where
    c.county_code = %(county_code)s
    and c.dataset = any(%(datasets)s::text[])
    and c.year = any(%(years)s::integer[])
