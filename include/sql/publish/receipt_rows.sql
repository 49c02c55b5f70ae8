-- Rows of a delivery that wait for a correction, each with all reasons, in the order of the sheets.
-- grain: one row a row and column. reads: audit.quarantine.
select
    q.sheet,
    q.row_no,
    q.column_name,
    string_agg(distinct q.reason_zh, '；' order by q.reason_zh) as reason_zh
from audit.quarantine as q
where q.county_code = %(county_code)s and q.batch_id = any(%(batches)s) and q.state = 'open'
group by q.sheet, q.row_no, q.column_name
order by q.sheet, q.row_no, q.column_name
