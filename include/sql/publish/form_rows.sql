-- What is stored of a reporting unit, as a prefilled ledger is made from it.
-- is_evident: the current snapshot of the year states the row.
-- grain: one row a stored row. reads: core.<dataset>, audit.snapshot_scope.
select
    to_jsonb(c) as line,
    c.batch_id,
    c.row_hash,
    coalesce(p.version_tie = c.version_tie, false) as is_evident
from {core} as c
left join audit.snapshot_scope as p
    on
        c.county_code = p.county_code
        and c.reporting_unit = p.reporting_unit
        and p.dataset = %(dataset)s
        and p.scope_year = %(year)s
where c.county_code = %(county_code)s and (%(unit)s::text is null or c.reporting_unit = %(unit)s)
order by c.version, c.batch_id, c.row_no
