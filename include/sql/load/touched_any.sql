-- audit.touched_period: what was stated on one day may change what counts in any month: every month of the years on record.
-- grain: one row a county and month. reads: changed or staging.<dataset>, load/years_on_record.sql.
insert into audit.touched_period (county_code, month, dataset)
with told as (
    select distinct s.county_code
    from {rows} as s
    where ({of_rows})
),

year_on_record as ({years_on_record})

select
    t.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from told as t
cross join year_on_record as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
