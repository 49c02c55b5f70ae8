-- audit.touched_period: a project counts in the month of the letter it is paid from.
-- Beside it, what each feed last said of a project's category is kept, also where another feed's row is the newer
-- one: core.fund_project holds one row a project, and two categories for one project are a finding.
-- grain: one row a county and month. reads: changed, core.fund_allocation, staging.fund_project.
with told as (
    insert into audit.category_told as t (county_code, project_no, feed, category, version, version_tie)
    select distinct on (county_code, project_no)
        county_code,
        project_no,
        feed,
        category,
        version,
        version_tie
    from staging.fund_project
    where fate <> 'quarantined'
    order by county_code, project_no, version desc, version_tie desc, row_no desc -- noqa: AM06, the newest row
    on conflict (county_code, project_no, feed) do update set
        category = excluded.category,
        version = excluded.version,
        version_tie = excluded.version_tie
    where (t.version, t.version_tie) < (excluded.version, excluded.version_tie)
)

insert into audit.touched_period (county_code, month)
select distinct
    a.county_code,
    date_trunc(
        'month', greatest(make_date(a.year::integer, 1, 1), least(a.doc_date, make_date(a.year::integer, 12, 31)))
    )::date as month
from changed as c
inner join core.fund_allocation as a on c.county_code = a.county_code and c.alloc_doc = a.doc_no
