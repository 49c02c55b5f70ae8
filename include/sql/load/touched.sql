-- audit.touched_period: the months of the rows that changed, old and new.
-- grain: one row a county and month. reads: changed.
insert into audit.touched_period (county_code, month)
select distinct
    county_code,
    date_trunc('month', {touches})::date as month
from changed
where {touches} is not null
