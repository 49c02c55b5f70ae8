-- a batch as recorded, in one JSON document.
-- Read after it is written, not returned by the INSERT: Citus lets none return what is computed by the session's settings.
-- grain: one row a batch. reads: audit.batch.
select to_jsonb(b) as batch
from audit.batch as b
where b.county_code = %(county_code)s and b.batch_id = %(batch_id)s
