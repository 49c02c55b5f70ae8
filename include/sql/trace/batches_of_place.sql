-- the deliveries that came from a place: a file of the inbox, one of its sheets, or whatever else a trace names.
-- grain: one row a batch, the newest first. reads: audit.batch.
select
    b.batch_id,
    b.dataset
from audit.batch as b
where
    b.county_code = %(county_code)s
    and b.dataset is not null
    and (
        b.uri in (%(place)s, 'inbox:' || %(place)s)
        or starts_with(b.uri, %(place)s || '#')
        or starts_with(b.uri, 'inbox:' || %(place)s || '#')
    )
    and (%(sheet)s::text is null or right(b.uri, length(%(sheet)s) + 1) = '#' || %(sheet)s)
order by b.started_at desc, b.batch_id
