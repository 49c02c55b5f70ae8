-- what a delivery is of. grain: one row, none where there is no such batch. reads: audit.batch.
select b.dataset
from audit.batch as b
where b.county_code = %(county_code)s and b.batch_id = %(batch_id)s
