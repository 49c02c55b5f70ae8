-- why a row of a delivery was held back, the newest reason first.
-- grain: one row a reason. reads: audit.quarantine.
select
    q.quarantine_id,
    q.rule_id,
    q.column_name,
    q.reason_zh,
    q.state
from audit.quarantine as q
where q.county_code = %(county_code)s and q.batch_id = %(batch_id)s and q.row_no = %(row_no)s
order by q.quarantine_id
