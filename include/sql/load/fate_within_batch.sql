-- staging.<dataset>: of several rows of the batch with one key, the highest (version, tie, row) stays.
-- One that equals the winner is a duplicate, any other is superseded by it. Only rows that may share their key are
-- looked at: those numbered in "repeated", all where nobody has looked.
-- grain: one row a source row. reads: the same table.
update {staging} as s
set fate = case when s.row_hash = w.winner_hash then 'duplicate' else 'superseded' end
from (
    select
        r.row_no,
        first_value(r.row_no) over newest as winner_row,
        first_value(r.row_hash) over newest as winner_hash
    from {staging} as r
    where
        r.county_code = %(county_code)s
        and r.batch_id = %(batch_id)s
        and r.fate is null
        and (%(repeated)s::bigint[] is null or r.row_no = any(%(repeated)s::bigint[]))
    window newest as (
        partition by {key_of_r} order by r.version desc, coalesce(r.version_tie, r.row_hash) desc, r.row_no desc
    )
) as w
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.row_no = w.row_no
    and w.row_no <> w.winner_row
