-- Deliveries that were refused or held back by a gate, the newest of each place first.
-- Whether the same bytes still lie in the inbox is for the caller to see; from elsewhere a newer load answers.
-- grain: one row a county, place and content. reads: audit.batch, audit.landing.
select
    b.county_code,
    b.source,
    b.dataset,
    b.state,
    b.refusal_code,
    b.refusal_zh,
    b.uri,
    b.sha256,
    l.kind,
    l.details ->> 'place' as place
from audit.batch as b
left join audit.landing as l
    on b.county_code = l.county_code and b.sha256 = l.sha256 and starts_with(b.uri, l.uri)
where
    b.state in ('refused', 'gated')
    and not exists (
        select 1
        from audit.batch as newer
        where
            newer.county_code = b.county_code
            and newer.uri = b.uri
            and newer.state = 'loaded'
            and newer.started_at > b.started_at
    )
order by b.county_code, b.uri, b.started_at desc
