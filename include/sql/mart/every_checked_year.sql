-- due_check: every county's years on record, whatever the dataset: a check is new, or a value it compares with changed.
-- grain: one row a county and year. reads: mart.indicator_value.
insert into due_check (county_code, dataset, year)
select distinct
    county_code,
    '' as dataset,
    period::integer as year
from mart.indicator_value
where period_kind = 'year'
