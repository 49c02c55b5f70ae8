-- where batches came from: the landing whose place a batch's own begins with; the longest, should two fit.
-- grain: one row a batch. reads: audit.batch, audit.landing.
select
    b.batch_id,
    b.uri,
    b.sha256,
    l.kind,
    l.uri as landing_uri,
    l.details ->> 'platform' as platform
from audit.batch as b
left join lateral (
    select
        n.kind,
        n.uri,
        n.details
    from audit.landing as n
    where
        n.county_code = b.county_code
        and n.sha256 = b.sha256
        and (n.uri = b.uri or left(b.uri, length(n.uri) + 1) = n.uri || '#')
    order by length(n.uri) desc
    limit 1
) as l on true
where b.county_code = %(county_code)s and b.batch_id = any(%(batch_ids)s)
