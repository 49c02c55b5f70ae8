-- Where a batch came from, and what its file is called, with its sheet.
-- grain: one row. reads: audit.batch.
select
    b.uri,
    regexp_replace(b.uri, '^.*/', '') as file
from audit.batch as b
where b.county_code = %(county_code)s and b.batch_id = %(batch_id)s
