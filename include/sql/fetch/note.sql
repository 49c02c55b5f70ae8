-- audit.landing: notes what was fetched; the same content from the same place is one landing, whoever fetched it.
-- One that is loaded stays as it was loaded. Another content of the same place is its next edition.
-- grain: one row a place and content. reads: the same table.
insert into audit.landing as l (
    county_code, landing_id, source, kind, group_id, uri, sha256, details, landed_at, run_id, edition
)
values (
    %(county_code)s, %(landing_id)s, %(source)s, %(kind)s, %(group_id)s, %(uri)s, %(sha256)s, %(details)s,
    %(landed_at)s, %(run_id)s,
    (
        select coalesce(max(o.edition), 0) + 1
        from audit.landing as o
        where o.county_code = %(county_code)s and o.uri = %(uri)s
    )
)
on conflict (county_code, landing_id) do update set
    group_id = excluded.group_id,
    details = case when l.state = 'done' then l.details else excluded.details end,
    run_id = excluded.run_id
