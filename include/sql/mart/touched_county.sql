-- touched_county: the counties one check runs over.
-- grain: one row a county. reads: due_check.
select distinct county_code
from due_check
where dataset = any({datasets})
