-- audit.touched_period: the months that rows of a batch count in, as its tally has them.
-- grain: one row a county and month. reads: parameters.
insert into audit.touched_period (county_code, month, dataset)
select
    %(county_code)s as county_code,
    m.month,
    %(dataset)s as dataset
from unnest(%(months)s::date[]) as m (month)
