-- audit.touched_period: the months of what was stored in rows that changed.
-- grain: one row a county and month. reads: changed.
insert into audit.touched_period (county_code, month, dataset)
select distinct
    county_code,
    date_trunc('month', {touches})::date as month,
    %(dataset)s as dataset
from changed
where {touches} is not null
