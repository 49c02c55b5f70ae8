-- audit.touched_period: a firm counts in the month it landed in, and is told of in the month of the statement, whether there
-- are figures of those years yet or not.
-- grain: one row a county and month. reads: changed or staging.work_enterprise.
insert into audit.touched_period (county_code, month, dataset)
select distinct
    s.county_code,
    date_trunc('month', d.day)::date as month,
    %(dataset)s as dataset
from {rows} as s
cross join lateral (values (s.landed_on), (s.stated_on)) as d (day)
where ({of_rows}) and d.day is not null
