-- Files and units whose rows wait for a correction: how many rows, of which files, and how much money
-- as long as all of the delivery's rows wait: of fewer, nobody knows it.
-- grain: one row a batch with open rows. reads: audit.quarantine, audit.batch.
select
    b.county_code,
    b.batch_id,
    b.dataset,
    coalesce(b.reporting_unit, '') as reporting_unit,
    min(q.file) as file,
    count(distinct q.row_id) as rows_waiting,
    case when count(distinct q.row_id) = b.rows_quarantined then b.yuan_quarantined end as yuan_waiting
from audit.quarantine as q
inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
where q.county_code = %(county_code)s and q.state = 'open'
group by b.county_code, b.batch_id, b.dataset, b.reporting_unit, b.rows_quarantined, b.yuan_quarantined
order by yuan_waiting desc nulls last, rows_waiting desc, b.batch_id
