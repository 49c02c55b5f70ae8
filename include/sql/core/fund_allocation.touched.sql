-- audit.touched_period: an allocation counts in the month of its letter, clamped into its year.
-- grain: one row a county and month. reads: changed.
insert into audit.touched_period (county_code, month)
select distinct
    county_code,
    date_trunc(
        'month', greatest(make_date(year::integer, 1, 1), least(doc_date, make_date(year::integer, 12, 31)))
    )::date as month
from changed
