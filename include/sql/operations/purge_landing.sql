-- audit.landing: landed bytes that need not be kept: loaded long ago, and no stored row and no open question
-- comes from them, or older than even evidence is kept. The line stays, so that nothing is read twice.
-- grain: one row a landing. reads: audit.landing, audit.batch, audit.quarantine, used_batch.
with wanted as (
    select b.sha256
    from used_batch as u
    inner join audit.batch as b on u.county_code = b.county_code and u.batch_id = b.batch_id
    union
    select b.sha256
    from audit.quarantine as q
    inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
    where q.state = 'open'
),

expired as (
    select
        l.county_code,
        l.landing_id
    from audit.landing as l
    left join wanted as w on l.sha256 = w.sha256
    where
        l.state = 'done'
        and l.bytes_purged_at is null
        and (l.landed_at < %(even_traced_before_at)s or (l.landed_at < %(before_at)s and w.sha256 is null))
)

update audit.landing as l
set bytes_purged_at = %(now)s
from expired as e
where l.county_code = e.county_code and l.landing_id = e.landing_id
returning l.county_code
