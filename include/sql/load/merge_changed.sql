-- core.<dataset>: the stored rows that the batch states anew; no other row is touched.
-- grain: one row a key. reads: staging.<dataset>.
update {core} as c
set {assignments}
from {staging} as s
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and {s_is_c}
    and {s_changes_c}
