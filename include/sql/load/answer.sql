-- audit.answer: a returned workbook answers a row that was held back.
-- grain: one row a row answered. reads: parameters.
insert into audit.answer (county_code, batch_id, row_no, root_batch_id, answered_batch_id, answer_id)
values (
    %(county_code)s, %(batch_id)s, %(row_no)s, %(root_batch_id)s, %(answered_batch_id)s, %(answer_id)s
)
on conflict (county_code, batch_id, row_no) do nothing
