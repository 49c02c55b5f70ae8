-- audit.quarantine: the latest rows that one rule of a dataset held back, by place and reason; no cell of them.
-- grain: one row a reason and place. reads: audit.quarantine, audit.batch.
select
    q.county_code,
    q.quarantine_id,
    q.batch_id,
    q.file,
    q.sheet,
    q.row_no,
    q.column_name,
    q.reason_zh,
    q.state
from audit.quarantine as q
inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
where
    b.dataset = %(dataset)s
    and q.rule_id = %(rule_id)s
    and q.county_code = any(%(counties)s::char(6)[])
order by b.finished_at desc, q.county_code, q.batch_id, q.row_no, q.column_name
limit %(limit)s
