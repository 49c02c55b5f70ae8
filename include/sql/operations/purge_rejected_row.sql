-- vault.rejected_row: rows held back, all of whose reasons were answered long ago.
-- grain: one row a source row. reads: audit.quarantine.
delete from vault.rejected_row as r
where
    not exists (
        select 1
        from audit.quarantine as q
        where
            q.county_code = r.county_code
            and q.batch_id = r.batch_id
            and q.row_no = r.row_no
            and (q.state = 'open' or q.answered_on is null or q.answered_on >= %(before)s::date)
    )
returning r.county_code
