-- numbers of the staged rows that share their key with one of those "repeated", these among them.
-- grain: one row a staged row. reads: staging.<dataset>.
select s.row_no
from {staging} as s
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and exists (
        select 1
        from {staging} as r
        where
            r.county_code = %(county_code)s
            and r.batch_id = %(batch_id)s
            and r.row_no = any(%(repeated)s::bigint[])
            and {s_is_r}
    )
