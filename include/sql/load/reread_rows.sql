-- core.<dataset>: takes the rows of batches out that are about to be read again.
-- grain: one row a key. reads: the same table.
delete from {core} as c
where c.county_code = %(county_code)s and c.batch_id = any(%(batches)s::text[])
