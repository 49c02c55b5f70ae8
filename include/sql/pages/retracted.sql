-- Files that were retracted: nothing of them is loaded, and no batch tells of them.
-- grain: one row a landing. reads: audit.landing, audit.delivery_decision.
select
    l.county_code,
    l.landing_id,
    coalesce(l.details ->> 'place', l.uri) as place,
    l.landed_at,
    l.bytes_purged_at,
    d.decided_by,
    d.decided_at,
    d.reason_zh
from audit.landing as l
left join audit.delivery_decision as d on l.county_code = d.county_code and l.standing_no = d.decision_no
where
    l.county_code = any(%(counties)s::char(6)[])
    and l.kind = 'file'
    and l.standing = 'retracted'
    and (%(named)s = '' or strpos(lower(l.uri), lower(%(named)s)) > 0)
order by d.decided_at desc, l.landing_id asc
limit
    %(most)s
    offset %(after)s
