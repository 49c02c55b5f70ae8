-- audit.touched_period: an allocation counts in the month of its letter, clamped into its year.
-- grain: one row a county and month. reads: changed or staging.fund_allocation.
insert into audit.touched_period (county_code, month, dataset)
select distinct
    s.county_code,
    date_trunc(
        'month',
        greatest(make_date(s.year::integer, 1, 1), least(s.doc_date, make_date(s.year::integer, 12, 31)))
    )::date as month,
    %(dataset)s as dataset
from {rows} as s
where ({of_rows})
