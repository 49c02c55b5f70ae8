-- audit.snapshot_scope: a delivery that is about to be read again is no unit's current snapshot until it is.
-- grain: one row a reporting unit and year. reads: parameters.
delete from audit.snapshot_scope as p
where
    p.county_code = %(county_code)s
    and p.dataset = any(%(datasets)s::text[])
    and right(p.version_tie, length(%(tie)s)) = %(tie)s
