-- audit.touched_period: a list of workshops holds until the next one, and the first one for the time before it: what it says
-- of a row counts from the day that it became one on, in the years on record or about to be. A list without a row that another
-- one has changes figures too, so there is no end.
-- grain: one row a county and month. reads: changed or staging.labour_workshop, load/years_on_record.sql.
insert into audit.touched_period (county_code, month, dataset)
with year_on_record as ({years_on_record}),

since as (
    select
        s.county_code,
        min(least(coalesce(s.built_on, '-infinity'::date), s.stated_on)) as first_day
    from {rows} as s
    where ({of_rows})
    group by s.county_code
)

select
    t.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from since as t
cross join year_on_record as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
where m.month + interval '1 month' > t.first_day
