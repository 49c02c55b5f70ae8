-- changed (of this transaction): what is stored in the rows of batches that are about to be read again.
-- grain: one row a distinct value. reads: core.<dataset>.
insert into changed ({changing})
select distinct {changing_of_c}
from {core} as c
where c.county_code = %(county_code)s and c.batch_id = any(%(batches)s::text[])
