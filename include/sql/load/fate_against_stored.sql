-- staging.<dataset>: what becomes of a row whose key is stored already.
-- grain: one row a source row. reads: core.<dataset>.
update {staging} as s
set
    fate = case
        when c.row_hash = s.row_hash then 'unchanged'
        when (c.version, c.version_tie, c.row_no) > (s.version, s.version_tie, s.row_no) then 'superseded'
        else 'loaded'
    end
from {core} as c
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and {s_is_c}
