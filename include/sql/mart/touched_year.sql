-- touched_year: the county-years a check that goes by years runs over.
-- grain: one row a county and year. reads: due_check.
select distinct
    county_code,
    year
from due_check
where dataset = any({datasets}) and year is not null
