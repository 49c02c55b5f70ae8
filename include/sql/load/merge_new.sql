-- core.<dataset>: the rows whose keys are not stored, of all that are staged or of some; none is looked up where none
-- is stored. Rows whose key the batch may state more than once stay "apart" while others are put ahead: which of them
-- counts is known when all are staged, and then only they are left.
-- No other delivery of the county's dataset is loaded meanwhile, so a key that is stored after all is a fault, and
-- fails.
-- grain: one row a key. reads: staging.<dataset>.
insert into {core} ({columns})
select {columns_of_s}
from {staging} as s
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and s.row_no between %(first)s and %(last)s
    and (s.row_no = any(%(apart)s::bigint[])) = %(is_apart)s
    and (
        %(is_all_new)s
        or not exists (
            select 1
            from {core} as c
            where {s_is_c}
        )
    )
