-- due_check: the datasets and years of which months are being built.
-- grain: one row a county, dataset and year. reads: drained.
insert into due_check (county_code, dataset, year)
select distinct
    county_code,
    dataset,
    extract(year from month)::integer as year
from drained
