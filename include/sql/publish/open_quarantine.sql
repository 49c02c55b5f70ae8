-- rows held back of deliveries that speak of a period's year up to its last day, by whom they concern.
-- A reason that somebody explained stays listed as explained.
-- grain: one row a dataset, reporting unit and state. reads: audit.quarantine, audit.batch.
select
    b.dataset,
    b.reporting_unit,
    q.state = 'explained' as is_explained,
    count(distinct q.batch_id || '/' || q.row_no::text) as rows,
    left(string_agg(distinct q.reason_zh, '；' order by q.reason_zh), 200) as reasons
from audit.quarantine as q
inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
where
    q.county_code = %(county_code)s
    and q.state in ('open', 'explained')
    and coalesce(b.covers_to, b.version::date) between make_date(left(%(year)s, 4)::integer, 1, 1) and %(last_day)s
group by b.dataset, b.reporting_unit, is_explained
order by b.dataset, b.reporting_unit, is_explained
