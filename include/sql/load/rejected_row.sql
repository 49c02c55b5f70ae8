-- vault.rejected_row: a row that was held back, as typed, already encrypted.
-- grain: one row a source row. reads: parameters.
insert into vault.rejected_row (county_code, batch_id, row_no, payload)
values (%s, %s, %s, %s)
on conflict do nothing
