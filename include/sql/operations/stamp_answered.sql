-- audit.quarantine: the day a line was first found corrected or explained; its retention counts from there.
-- grain: one row a reason and place. reads: the same table.
update audit.quarantine as q
set answered_on = %(today)s
where
    q.answered_on is null
    and (
        q.state in ('corrected', 'explained')
        or (
            q.state = 'repeated'
            and not exists (
                select 1
                from audit.quarantine as o
                where o.county_code = q.county_code and o.issue_id = q.issue_id and o.state = 'open'
            )
        )
    )
