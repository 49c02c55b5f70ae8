-- rows held back that count in a period, by whom they concern. A row counts in its own month; where its day could not
-- be read, or another dataset dates it, in the last month its delivery speaks of, and is counted as undated too.
-- A reason that somebody explained stays listed as explained.
-- grain: one row a dataset, reporting unit and state. reads: audit.quarantine, audit.batch.
select
    b.dataset,
    b.reporting_unit,
    q.state = 'explained' as is_explained,
    count(distinct q.batch_id || '/' || q.row_no::text) as rows,
    count(distinct q.batch_id || '/' || q.row_no::text) filter (where q.month is null) as undated,
    left(string_agg(distinct q.reason_zh, '；' order by q.reason_zh), 200) as reasons
from audit.quarantine as q
inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
where
    q.county_code = %(county_code)s
    and q.state in ('open', 'explained')
    and coalesce(q.month, b.covers_to, b.version::date) between %(first_day)s and %(last_day)s
group by b.dataset, b.reporting_unit, is_explained
order by b.dataset, b.reporting_unit, is_explained
