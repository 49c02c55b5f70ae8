-- due_check: every county with a delivery, whatever the dataset: a check is new, or a value it compares with changed.
-- grain: one row a county. reads: audit.batch.
insert into due_check (county_code, dataset)
select distinct
    county_code,
    '' as dataset
from audit.batch
where state = 'loaded'
