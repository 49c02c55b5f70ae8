-- staging.<dataset>: a row that is not stored, of a unit whose newer snapshot no longer has it.
-- Of a unit whose stated year a newer snapshot states, no row of any year changes what is stored: "outdated" are those.
-- grain: one row a source row. reads: audit.snapshot_scope, core.<dataset>.
update {staging} as s
set fate = 'superseded'
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and (
        s.reporting_unit = any(%(outdated)s::text[])
        or exists (
            select 1
            from audit.snapshot_scope as p
            where
                p.county_code = s.county_code
                and p.dataset = %(dataset)s
                and p.reporting_unit = s.reporting_unit
                and {s_is_in_scope}
                and (p.version, p.version_tie) > (s.version, coalesce(s.version_tie, s.row_hash))
        )
    )
    and not exists (
        select 1
        from {core} as c
        where
            {s_is_c}
            and not (s.reporting_unit = any(%(outdated)s::text[]) and (({s_changes_c}) or ({s_restates_c})))
    )
