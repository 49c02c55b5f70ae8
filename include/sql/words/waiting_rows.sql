-- Rows that wait because a word or a name in them is in no register, each as typed and sealed.
-- grain: one row a row held back. reads: audit.quarantine, audit.batch, vault.rejected_row.
select
    q.county_code,
    b.dataset,
    b.feed,
    q.batch_id,
    q.row_no,
    min(q.file) as file,
    min(q.sheet) as sheet,
    r.payload
from audit.quarantine as q
inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
inner join vault.rejected_row as r
    on q.county_code = r.county_code and q.batch_id = r.batch_id and q.row_no = r.row_no
where
    q.rule_id = any(%(rules)s::text[])
    and q.state in ('open', 'explained')
    and (%(counties)s::char(6)[] is null or q.county_code = any(%(counties)s::char(6)[]))
group by q.county_code, b.dataset, b.feed, q.batch_id, q.row_no, r.payload
order by q.county_code, b.dataset, q.batch_id, q.row_no
