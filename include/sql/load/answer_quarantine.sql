-- audit.quarantine: a newer delivery from the same place answers what was wrong with the older ones.
-- What is still wrong is listed anew under the newer delivery.
-- grain: one row a reason. reads: audit.batch.
update audit.quarantine as q
set state = 'corrected'
from audit.batch as b
where
    q.county_code = %(county_code)s
    and q.state = 'open'
    and b.county_code = q.county_code
    and b.batch_id = q.batch_id
    and b.uri = %(uri)s
    and b.dataset = %(dataset)s
    and b.version < %(version)s
