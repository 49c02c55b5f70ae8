-- reporting units of a county that have delivered something.
-- grain: one row a unit. reads: audit.batch, audit.snapshot_scope, audit.quarantine.
select b.reporting_unit as unit
from audit.batch as b
where b.county_code = %(county_code)s and b.reporting_unit <> ''
union
select s.reporting_unit as unit
from audit.snapshot_scope as s
where s.county_code = %(county_code)s and s.reporting_unit <> ''
union
select q.reporting_unit as unit
from audit.quarantine as q
where q.county_code = %(county_code)s and q.reporting_unit <> ''
order by unit
