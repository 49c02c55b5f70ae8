-- rows held back that count in a period, by whom they concern: each row once, wherever it was seen. A row counts in its
-- own month; where its day could not be read, or another dataset dates it, in the last month its delivery speaks of, and
-- is counted as undated too. A reason that somebody explained stays listed as explained.
-- grain: one row a dataset, reporting unit and state. reads: audit.quarantine, audit.batch.
with seen as (
    select distinct on (q.issue_id)
        q.issue_id,
        q.month,
        b.dataset,
        b.reporting_unit
    from audit.quarantine as q
    inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
    where
        q.county_code = %(county_code)s
        and q.state in ('open', 'explained', 'repeated')
        and coalesce(q.month, b.covers_to, b.version::date) between %(first_day)s and %(last_day)s
    order by q.issue_id, b.version desc, b.uri, q.row_no
)

select
    s.dataset,
    s.reporting_unit,
    o.state = 'explained' as is_explained,
    count(distinct o.row_id) as rows,
    count(distinct o.row_id) filter (where s.month is null) as undated,
    left(string_agg(distinct o.reason_zh, '；' order by o.reason_zh), 200) as reasons
from audit.quarantine as o
inner join seen as s on o.issue_id = s.issue_id
where o.county_code = %(county_code)s and o.state in ('open', 'explained')
group by s.dataset, s.reporting_unit, is_explained
order by s.dataset, s.reporting_unit, is_explained
