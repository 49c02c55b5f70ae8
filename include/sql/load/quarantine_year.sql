-- audit.quarantine: the year that the snapshot a row was held back of states for its unit.
-- grain: one row a reason. reads: parameters.
update audit.quarantine as q
set scope_year = %(scope_year)s
where
    q.county_code = %(county_code)s
    and q.batch_id = any(%(batches)s::text[])
    and q.reporting_unit = %(reporting_unit)s
