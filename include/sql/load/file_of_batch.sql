-- What the file of a batch is called, with its sheet.
-- grain: one row. reads: audit.batch.
select regexp_replace(b.uri, '^.*/', '') as file
from audit.batch as b
where b.county_code = %(county_code)s and b.batch_id = %(batch_id)s
