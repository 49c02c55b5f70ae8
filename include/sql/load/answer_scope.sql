-- audit.quarantine: what a returned workbook still holds back is stated by the snapshot it answers.
-- grain: one row a reason and place. reads: audit.answer, the same table.
update audit.quarantine as q
set reporting_unit = o.reporting_unit, scope_year = o.scope_year
from audit.answer as a
inner join audit.quarantine as o
    on a.county_code = o.county_code and a.answered_batch_id = o.batch_id and a.row_no = o.row_no
where
    q.county_code = %(county_code)s
    and a.county_code = %(county_code)s
    and o.county_code = %(county_code)s
    and q.batch_id = %(batch_id)s
    and a.batch_id = q.batch_id
    and a.row_no = q.row_no
