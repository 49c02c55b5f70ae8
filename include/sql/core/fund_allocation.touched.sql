-- audit.touched_period: an allocation counts in the month of its letter, clamped into its year. One that comes, goes
-- or moves dates projects that were of no month till then: the years they may have been of are figured anew.
-- grain: one row a county and month. reads: changed or staging.fund_allocation, core.fund_project, audit.year_stated,
-- load/years_on_record.sql.
insert into audit.touched_period (county_code, month, dataset)
with letter as (
    select
        s.county_code,
        s.doc_no,
        s.doc_date,
        s.year::integer as year,
        substring(s.doc_no from '〔([0-9]+)〕')::integer as letter_year
    from {rows} as s
    where ({of_rows})
),

year_on_record as ({years_on_record}),

year_unknown as (
    select
        l.county_code,
        r.year
    from letter as l
    inner join core.fund_project as j on l.county_code = j.county_code and l.doc_no = j.alloc_doc
    inner join year_on_record as r on l.letter_year in (r.year, r.year - 1)
    union
    select
        l.county_code,
        r.year
    from letter as l
    inner join core.fund_project as j on l.county_code = j.county_code and l.doc_no = j.alloc_doc
    inner join audit.year_stated as t
        on j.county_code = t.county_code and t.dataset = 'fund_project' and j.project_no = t.item
    inner join year_on_record as r on t.year = r.year
)

select
    l.county_code,
    date_trunc(
        'month', greatest(make_date(l.year, 1, 1), least(l.doc_date, make_date(l.year, 12, 31)))
    )::date as month,
    %(dataset)s as dataset
from letter as l
union
select
    y.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from year_unknown as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
