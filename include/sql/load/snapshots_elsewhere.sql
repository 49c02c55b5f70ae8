-- What tells the current snapshots of some units apart, of whatever year, but for one delivery.
-- grain: one row a delivery. reads: audit.snapshot_scope.
select distinct p.version_tie
from audit.snapshot_scope as p
where
    p.county_code = %(county_code)s
    and p.dataset = %(dataset)s
    and p.reporting_unit = any(%(units)s::text[])
    and p.version_tie <> %(version_tie)s
