-- deliveries refused or held back by a gate within a span of days and not answered by a later one from the same place.
-- grain: one row a place, as last refused. reads: audit.batch, audit.landing.
select distinct on (place)
    coalesce(l.details ->> 'place', b.uri) as place,
    b.refusal_zh
from audit.batch as b
left join audit.landing as l
    on b.county_code = l.county_code and b.sha256 = l.sha256 and starts_with(b.uri, l.uri)
where
    b.county_code = %(county_code)s
    and b.state in ('refused', 'gated')
    and b.started_at::date between %(first_day)s and %(last_day)s
    and not exists (
        select 1
        from audit.batch as newer
        where
            newer.county_code = b.county_code
            and newer.uri = b.uri
            and newer.state = 'loaded'
            and newer.started_at > b.started_at
    )
order by place, b.started_at desc
