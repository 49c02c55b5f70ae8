-- Where more rows wait in quarantine than the days before: of the newest days, and of as many days before them.
-- grain: one row a county, dataset and reporting unit. reads: audit.batch, audit.quarantine.
with waiting as (
    select
        county_code,
        batch_id,
        count(distinct row_no) as held
    from audit.quarantine
    where state = 'open'
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
