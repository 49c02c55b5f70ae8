-- audit.touched_period: a payment counts in the year of its project's letter, which need not be the year it was made in.
-- grain: one row a county and month. reads: changed or staging.fund_payment, core.fund_project, core.fund_allocation.
insert into audit.touched_period (county_code, month, dataset)
select distinct
    s.county_code,
    make_date(a.year::integer, 1, 1) as month,
    %(dataset)s as dataset
from {rows} as s
inner join core.fund_project as j on s.county_code = j.county_code and s.project_no = j.project_no
inner join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
where ({of_rows}) and a.year::integer > extract(year from s.paid_on)
