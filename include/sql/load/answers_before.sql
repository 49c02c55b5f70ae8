-- How rows of a returned workbook stand: whether they wait still, and what an earlier return said of them.
-- grain: one row a row of the workbook. reads: audit.quarantine, audit.answer.
select
    a.row_no,
    (
        select bool_or(q.state <> 'corrected')
        from audit.quarantine as q
        where q.county_code = %(county_code)s and q.batch_id = a.batch_id and q.row_no = a.row_no
    ) as waits,
    (
        select max(e.answer_id)
        from audit.answer as e
        where
            e.county_code = %(county_code)s
            and e.answered_batch_id = a.batch_id
            and e.row_no = a.row_no
            and e.batch_id <> %(batch_id)s
    ) as answer_id
from unnest(%(batches)s::text[], %(numbers)s::bigint[]) as a (batch_id, row_no)
