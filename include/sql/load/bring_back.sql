-- staging.<dataset>: rows of this batch that were put straight into the table, and of which it turned out to state the
-- key once more: which of them counts is told in staging.
-- grain: one row a source row. reads: core.<dataset>, the same table.
insert into {staging} ({columns_staged})
select distinct {columns_staged_of_c}
from {staging} as s
inner join {core} as c on {s_is_c}
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.row_no = any(%(repeated)s::bigint[])
    and c.batch_id = %(batch_id)s
