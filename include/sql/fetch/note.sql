-- audit.landing: notes what was fetched; the same content from the same place is one landing, whoever fetched it.
-- One that is loaded stays as it was loaded.
-- grain: one row a place and content. reads: parameters.
insert into audit.landing as l (
    county_code, landing_id, source, kind, group_id, uri, sha256, details, landed_at, run_id
)
values (
    %(county_code)s, %(landing_id)s, %(source)s, %(kind)s, %(group_id)s, %(uri)s, %(sha256)s, %(details)s,
    %(landed_at)s, %(run_id)s
)
on conflict (county_code, landing_id) do update set
    group_id = excluded.group_id,
    details = case when l.state = 'done' then l.details else excluded.details end,
    run_id = excluded.run_id
