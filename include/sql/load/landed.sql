-- landings of a group that wait to be loaded; one of a database's table with what was loaded of it last, as "before".
-- grain: one row a landing. reads: audit.landing.
select to_jsonb(l) || jsonb_build_object('before', d.loaded) as landing
from audit.landing as l
left join lateral (
    select jsonb_build_object('sha256', n.sha256, 'read_against', n.details ->> 'read_against') as loaded
    from audit.landing as n
    where
        l.kind = 'database'
        and n.county_code = l.county_code
        and n.kind = 'database'
        and n.state = 'done'
        and n.details ->> 'stream' = l.details ->> 'stream'
    order by n.landed_at desc, n.landing_id
    limit 1
) as d on true
where l.state = 'landed' and l.group_id = any(%(parts)s::text[])
order by l.county_code, l.uri, l.sha256
