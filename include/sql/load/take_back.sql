-- core.<dataset>: rows of this batch that were put straight into the table, and of which it turned out to state the
-- key once more; they are staged now.
-- grain: one row a key. reads: staging.<dataset>.
delete from {core} as c
using {staging} as s
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.row_no = any(%(repeated)s::bigint[])
    and {s_is_c}
    and c.batch_id = %(batch_id)s
