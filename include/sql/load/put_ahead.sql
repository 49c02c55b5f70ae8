-- core.<dataset>: the rows of a chunk whose keys are not stored, put into the table while later ones are still read.
-- Rows whose key the batch may state more than once stay apart: which of them counts is known when all are staged.
-- grain: one row a key. reads: staging.<dataset>.
insert into {core} ({columns})
select {columns_of_s}
from {staging} as s
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.row_no between %(first)s and %(last)s
    and s.row_no <> all(%(apart)s::bigint[])
    and s.fate is null
    and (
        %(is_all_new)s
        or not exists (
            select 1
            from {core} as c
            where {s_is_c}
        )
    )
