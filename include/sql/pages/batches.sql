-- Batches, the newest first: where each came from, what became of it, and how many rows of it wait for a correction.
-- grain: one row a batch. reads: audit.batch, audit.landing, audit.quarantine.
with listed as (
    select
        b.county_code,
        b.batch_id,
        b.source,
        b.dataset,
        b.uri,
        b.sha256,
        b.reporting_unit,
        b.state,
        b.refusal_zh,
        b.rows_read,
        b.rows_ignored,
        cardinality(b.warnings_zh) as warnings,
        b.covers_to,
        b.started_at
    from audit.batch as b
    where
        b.county_code = any(%(counties)s::char(6)[])
        and (%(source)s = '' or b.source = %(source)s)
        and (%(dataset)s = '' or b.dataset = %(dataset)s)
        and (%(unit)s = '' or strpos(b.reporting_unit, %(unit)s) > 0)
        and (%(named)s = '' or strpos(lower(b.uri), lower(%(named)s)) > 0)
        and (%(state)s not in ('loaded', 'refused', 'gated') or b.state = %(state)s)
        and (%(state)s <> 'warned' or cardinality(b.warnings_zh) > 0)
        and (
            %(state)s <> 'open'
            or (b.county_code, b.batch_id) in (
                select
                    o.county_code,
                    o.batch_id
                from audit.quarantine as o
                where o.county_code = any(%(counties)s::char(6)[]) and o.state = 'open'
            )
        )
        and (
            %(run)s = ''
            or (
                (b.county_code, b.sha256) in (
                    select
                        f.county_code,
                        f.sha256
                    from audit.landing as f
                    where f.run_id = %(run)s
                )
                and exists (
                    select 1
                    from audit.landing as r
                    where
                        r.county_code = b.county_code
                        and r.sha256 = b.sha256
                        and r.run_id = %(run)s
                        and (r.uri = b.uri or starts_with(b.uri, r.uri || '#'))
                )
            )
        )
    order by b.started_at desc, b.uri asc, b.batch_id asc
    limit
        %(most)s
        offset %(after)s
)

select
    b.county_code,
    b.batch_id,
    b.source,
    b.dataset,
    b.reporting_unit,
    b.state,
    b.refusal_zh,
    b.rows_read,
    b.rows_ignored,
    b.warnings,
    b.covers_to,
    b.started_at,
    coalesce(l.place, b.uri) as place,
    coalesce(substr(b.uri, length(l.uri) + 2), '') as sheet,
    w.rows_waiting,
    b.state <> 'loaded' and exists (
        select 1
        from audit.batch as n
        where
            n.county_code = b.county_code
            and n.state = 'loaded'
            and n.started_at > b.started_at
            and n.dataset = b.dataset
            and n.uri = b.uri
    ) as is_answered
from listed as b
left join lateral (
    select
        r.uri,
        r.details ->> 'place' as place
    from audit.landing as r
    where
        r.county_code = b.county_code
        and r.sha256 = b.sha256
        and (r.uri = b.uri or starts_with(b.uri, r.uri || '#'))
    order by r.landed_at desc, r.landing_id asc
    limit 1
) as l on true
left join lateral (
    select count(distinct q.row_no) as rows_waiting
    from audit.quarantine as q
    where q.county_code = b.county_code and q.batch_id = b.batch_id and q.state = 'open'
) as w on true
order by b.started_at desc, b.uri asc, b.batch_id asc
