-- audit.touched_period: every month in which a changed row of a register holds, in the years on record
-- or about to be.
-- grain: one row a county and month. reads: changed or staging.<dataset>, load/years_on_record.sql.
insert into audit.touched_period (county_code, month, dataset)
with year_on_record as ({years_on_record})

select distinct
    t.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from (
    select distinct
        s.county_code,
        s.{valid_from} as first_day,
        s.{valid_to} as last_day
    from {rows} as s
    where ({of_rows})
) as t
cross join year_on_record as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
where
    m.month + interval '1 month' > coalesce(t.first_day, '-infinity'::date)
    and m.month <= coalesce(t.last_day, 'infinity'::date)
