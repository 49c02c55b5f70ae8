-- Files that came in, the newest first: what became of each, and who decided about it.
-- grain: one row a landing. reads: audit.landing, audit.batch, audit.delivery_decision.
select
    l.county_code,
    l.landing_id,
    l.details ->> 'place' as place,
    l.landed_at,
    case
        when l.standing = 'retracted' then 'retracted'
        when b.has_gated then 'waits'
        when b.has_refused then 'refused'
        when b.has_loaded then 'loaded'
        else l.state
    end as state,
    coalesce(b.rows_read, 0) as rows_read,
    coalesce(b.rows_quarantined, 0) as rows_quarantined,
    b.refusal_zh,
    d.decided_by,
    d.decided_at,
    d.reason_zh
from audit.landing as l
left join lateral (
    select
        coalesce(bool_or(o.state = 'gated'), false) as has_gated,
        coalesce(bool_or(o.state = 'refused'), false) as has_refused,
        coalesce(bool_or(o.state = 'loaded'), false) as has_loaded,
        sum(o.rows_read)::bigint as rows_read,
        sum(o.rows_quarantined)::bigint as rows_quarantined,
        string_agg(distinct o.refusal_zh, '；') as refusal_zh
    from audit.batch as o
    where
        o.county_code = l.county_code
        and o.sha256 = l.sha256
        and (o.uri = l.uri or starts_with(o.uri, l.uri || '#'))
) as b on true
left join audit.delivery_decision as d on l.county_code = d.county_code and l.standing_no = d.decision_no
where l.kind = 'file' and (%(county_code)s::text is null or l.county_code = %(county_code)s)
order by l.landed_at desc, l.county_code, l.landing_id
