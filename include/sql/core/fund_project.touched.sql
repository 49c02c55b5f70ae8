-- audit.touched_period: a project counts in the month of the letter it is paid from.
-- grain: one row a county and month. reads: changed or staging.fund_project, core.fund_allocation.
insert into audit.touched_period (county_code, month, dataset)
select distinct
    a.county_code,
    date_trunc(
        'month', greatest(make_date(a.year::integer, 1, 1), least(a.doc_date, make_date(a.year::integer, 12, 31)))
    )::date as month,
    %(dataset)s as dataset
from {rows} as s
inner join core.fund_allocation as a on s.county_code = a.county_code and s.alloc_doc = a.doc_no
where ({of_rows})
