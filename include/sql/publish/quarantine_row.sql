-- All that is on record about the rows that some lines of quarantine are about: every reason, every place, in any state.
-- grain: one row a reason and place. reads: audit.quarantine, audit.batch.
select
    q.quarantine_id,
    q.row_id,
    q.file,
    q.sheet,
    q.row_no,
    q.column_name,
    q.rule_id,
    q.reason_zh,
    q.state,
    q.explanation_zh,
    b.dataset,
    b.reporting_unit,
    b.covers_to
from audit.quarantine as q
inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
where
    q.county_code = %(county_code)s
    and q.row_id in (
        select s.row_id
        from audit.quarantine as s
        where s.county_code = %(county_code)s and starts_with(s.quarantine_id, %(quarantine_id)s)
    )
order by q.file, q.sheet, q.row_no, q.column_name, q.rule_id
