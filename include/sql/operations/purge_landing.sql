-- audit.landing: landed bytes that need not be kept: loaded long ago, and no stored row and no open question
-- comes from them, or older than even evidence is kept. The line stays, so that nothing is read twice.
-- grain: one row a landing. reads: audit.landing, audit.batch, audit.quarantine, used_batch.
update audit.landing as l
set bytes_purged_at = %(now)s
where
    l.state = 'done'
    and l.bytes_purged_at is null
    and (
        l.landed_at < %(even_traced_before)s::date
        or (
            l.landed_at < %(before)s::date
            and not exists (
                select 1
                from audit.batch as b
                inner join used_batch as u on b.county_code = u.county_code and b.batch_id = u.batch_id
                where b.sha256 = l.sha256
            )
            and not exists (
                select 1
                from audit.batch as b
                inner join audit.quarantine as q on b.county_code = q.county_code and b.batch_id = q.batch_id
                where b.sha256 = l.sha256 and q.state = 'open'
            )
        )
    )
returning l.county_code
