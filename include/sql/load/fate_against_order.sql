-- staging.<dataset>: a line, not stored, of an order that a newer export states without it.
-- Only for feeds whose rows are numbered as the lines of an order: the newest export has all of them.
-- grain: one row a source row. reads: core.<dataset>.
update {staging} as s
set fate = 'superseded'
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and exists (
        select 1
        from {core} as c
        where {s_shares_order} and (c.version, c.version_tie) > (s.version, coalesce(s.version_tie, s.row_hash))
    )
    and not exists (
        select 1
        from {core} as c
        where {s_is_c}
    )
