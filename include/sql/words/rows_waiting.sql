-- How many rows of a county's datasets wait for a word or a name.
-- grain: one row. reads: audit.quarantine, audit.batch.
select count(distinct q.row_id) as rows_waiting
from audit.quarantine as q
inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
where
    q.county_code = %(county_code)s
    and b.dataset = any(%(datasets)s::text[])
    and q.rule_id = any(%(rules)s::text[])
    and q.state in ('open', 'explained')
