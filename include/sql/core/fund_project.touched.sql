-- audit.touched_period: a project counts in the month of the letter it is paid from. One that no letter dates makes
-- figures unknown in every month of the years it may be of: that of its statement, and of others those on record.
-- grain: one row a county and month. reads: changed or staging.fund_project, core.fund_allocation, audit.year_stated,
-- load/years_on_record.sql.
insert into audit.touched_period (county_code, month, dataset)
with stated as (
    select
        s.county_code,
        s.project_no,
        s.alloc_doc,
        s.version
    from {rows} as s
    where ({of_rows})
),

undated as (
    select
        s.county_code,
        s.project_no,
        extract(year from s.version at time zone 'Asia/Shanghai')::integer as year,
        substring(s.alloc_doc from '〔([0-9]+)〕')::integer as letter_year
    from stated as s
    left join core.fund_allocation as a on s.county_code = a.county_code and s.alloc_doc = a.doc_no
    where a.doc_no is null
),

year_on_record as ({years_on_record}),

year_unknown as (
    select
        u.county_code,
        u.year
    from undated as u
    union
    select
        u.county_code,
        r.year
    from undated as u
    inner join year_on_record as r on u.letter_year in (r.year, r.year - 1)
    union
    select
        u.county_code,
        r.year
    from undated as u
    inner join audit.year_stated as t
        on u.county_code = t.county_code and t.dataset = 'fund_project' and u.project_no = t.item
    inner join year_on_record as r on t.year = r.year
)

select
    a.county_code,
    date_trunc(
        'month', greatest(make_date(a.year::integer, 1, 1), least(a.doc_date, make_date(a.year::integer, 12, 31)))
    )::date as month,
    %(dataset)s as dataset
from stated as s
inner join core.fund_allocation as a on s.county_code = a.county_code and s.alloc_doc = a.doc_no
union
select
    y.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from year_unknown as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
