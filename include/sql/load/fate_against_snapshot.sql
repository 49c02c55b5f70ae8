-- staging.<dataset>: a row that is not stored, of a unit whose newer snapshot no longer has it.
-- grain: one row a source row. reads: audit.snapshot_scope.
update {staging} as s
set fate = 'superseded'
from audit.snapshot_scope as p
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and p.county_code = s.county_code
    and p.dataset = %(dataset)s
    and p.reporting_unit = s.reporting_unit
    and {s_is_in_scope}
    and (p.version, p.version_tie) > (s.version, s.version_tie)
