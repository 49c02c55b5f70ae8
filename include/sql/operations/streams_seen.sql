-- Up to when each platform or ledger table of a dataset has been read and loaded.
-- grain: one row a county and stream. reads: audit.landing.
select
    county_code,
    details ->> 'stream' as stream,
    max((coalesce(details ->> 'to', details ->> 'read_at'))::timestamptz) as last_seen
from audit.landing
where
    county_code = %(county_code)s
    and kind in ('platform', 'database')
    and state = 'done'
    and details ->> 'dataset' = %(dataset)s
group by county_code, details ->> 'stream'
