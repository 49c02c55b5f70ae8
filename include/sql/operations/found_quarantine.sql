-- Where more rows wait in quarantine than the days before: of the newest days, and of as many days before them.
-- A row counts once, in the delivery it was first seen in: one that is only delivered again makes nothing grow.
-- grain: one row a county, dataset and reporting unit. reads: audit.batch, audit.quarantine.
with first_seen as (
    select distinct on (q.county_code, q.row_id)
        q.county_code,
        q.row_id,
        q.batch_id
    from audit.quarantine as q
    inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
    inner join audit.quarantine as o
        on q.county_code = o.county_code and q.issue_id = o.issue_id and o.state = 'open'
    order by q.county_code, q.row_id, b.started_at, q.batch_id
),

waiting as (
    select
        county_code,
        batch_id,
        count(*) as held
    from first_seen
    group by county_code, batch_id
)

select
    b.county_code,
    b.dataset,
    b.reporting_unit,
    sum(q.held) filter (where b.started_at >= %(since)s) as held,
    sum(b.rows_read) filter (where b.started_at >= %(since)s) as rows_read,
    coalesce(sum(q.held) filter (where b.started_at < %(since)s), 0) as held_before
from audit.batch as b
left join waiting as q on b.county_code = q.county_code and b.batch_id = q.batch_id
where b.state = 'loaded' and b.started_at >= %(before)s
group by b.county_code, b.dataset, b.reporting_unit
having
    sum(q.held) filter (where b.started_at >= %(since)s) >= greatest(
        %(least_rows)s,
        coalesce(sum(q.held) filter (where b.started_at < %(since)s), 0) + 1,
        sum(b.rows_read) filter (where b.started_at >= %(since)s) * %(share_pct)s / 100
    )
