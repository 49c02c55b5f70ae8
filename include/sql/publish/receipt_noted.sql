-- audit.landing: which receipt of a file lies in the out-folder, whether a return workbook does, and what its station was
-- told.
-- grain: one row a landing. reads: parameters.
update audit.landing
set details = jsonb_set(details, '{receipt}', %(receipt)s)
where county_code = %(county_code)s and landing_id = %(landing_id)s
