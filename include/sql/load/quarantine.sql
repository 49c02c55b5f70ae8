-- audit.quarantine: one reason why a row was held back; holds nothing personal.
-- grain: one row a reason. reads: parameters.
insert into audit.quarantine (
    county_code, quarantine_id, batch_id, row_no, file, sheet, column_name, rule_id, reason_zh
)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict do nothing
