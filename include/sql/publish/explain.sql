-- audit.quarantine: why rows that are held back need not wait for a correction, wherever they were seen.
-- grain: one row a reason and place. reads: the same table.
update audit.quarantine as q
set
    state = case when q.state = 'open' then 'explained' else q.state end,
    explanation_zh = %(explanation_zh)s
where
    q.county_code = %(county_code)s
    and q.state in ('open', 'explained', 'repeated')
    and q.issue_id in (
        select n.issue_id
        from audit.quarantine as n
        where n.county_code = %(county_code)s and n.quarantine_id = any(%(quarantine_ids)s)
    )
returning q.state
