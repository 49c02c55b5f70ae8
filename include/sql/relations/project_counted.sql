-- project_counted: projects in the period of the allocation letter they are paid from.
-- A letter counts in its own year: one dated before or after is moved to that year's first or last day.
-- is_industry: whether the county's list of that year marks the category as one for industry.
-- grain: one row a county, period and project. reads: period, core.fund_project, core.fund_allocation, core.category.
select
    p.county_code,
    p.period_kind,
    p.period,
    p.last_day,
    j.project_no,
    j.town as town_code,
    j.category,
    j.secondary_category,
    j.allocated_yuan,
    j.allocated_yuan_at_least as is_at_least,
    j.village,
    j.started_on,
    j.finished_on,
    j.accepted_on,
    j.linkage,
    j.households,
    j.people,
    j.households_lifted,
    j.people_lifted,
    j.arrived_yuan,
    j.arrived_yuan_at_least,
    j.planned_yuan,
    j.planned_yuan_at_least,
    j.jobs,
    j.jobs_lifted,
    a.fund_level,
    coalesce(g.is_industry, false) as is_industry,
    j.batch_id,
    j.row_no
from period as p
inner join core.fund_allocation as a
    on
        p.county_code = a.county_code
        and greatest(make_date(a.year::integer, 1, 1), least(a.doc_date, make_date(a.year::integer, 12, 31)))
        between p.first_day and p.last_day
inner join core.fund_project as j on a.county_code = j.county_code and a.doc_no = j.alloc_doc
left join core.category as g
    on
        j.county_code = g.county_code
        and j.category = g.category
        and a.year between g.first_year and coalesce(g.last_year, a.year)
