-- project_counted where it has no project: those that no letter of the county dates, in every period of the years that
-- they may be of. The number of their letter tells its year, and its money may be of the year after; where it tells
-- none, they are of the years in which deliveries stated them.
-- grain: one row a county, period and project. reads: period, core.fund_project, core.fund_allocation,
-- core.category, audit.year_stated.
with undated as (
    select
        j.county_code,
        j.project_no,
        j.town,
        j.category,
        j.secondary_category,
        j.allocated_yuan,
        j.allocated_yuan_at_least,
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
        j.batch_id,
        j.row_no,
        substring(j.alloc_doc from '〔([0-9]+)〕')::integer as letter_year
    from core.fund_project as j
    left join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
    where a.doc_no is null and j.county_code in (select p.county_code from period as p)
),

possible as (
    select
        u.county_code,
        u.project_no,
        u.letter_year + n.later as year
    from undated as u
    cross join (values (0), (1)) as n (later)
    where u.letter_year is not null
    union all
    select
        u.county_code,
        u.project_no,
        t.year
    from undated as u
    inner join audit.year_stated as t
        on u.county_code = t.county_code and t.dataset = 'fund_project' and u.project_no = t.item
    where u.letter_year is null
)

select
    p.county_code,
    p.period_kind,
    p.period,
    p.last_day,
    u.project_no,
    u.town as town_code,
    u.category,
    u.secondary_category,
    u.allocated_yuan,
    u.allocated_yuan_at_least as is_at_least,
    u.village,
    u.started_on,
    u.finished_on,
    u.accepted_on,
    u.linkage,
    u.households,
    u.people,
    u.households_lifted,
    u.people_lifted,
    u.arrived_yuan,
    u.arrived_yuan_at_least,
    u.planned_yuan,
    u.planned_yuan_at_least,
    u.jobs,
    u.jobs_lifted,
    null::text as fund_level,
    coalesce(g.is_industry, g.category is null) as is_industry,
    u.batch_id,
    u.row_no
from period as p
inner join possible as y
    on
        p.county_code = y.county_code
        and y.year between extract(year from p.first_day) and extract(year from p.last_day)
inner join undated as u on y.county_code = u.county_code and y.project_no = u.project_no
left join core.category as g
    on
        u.county_code = g.county_code
        and u.category = g.category
        and y.year between g.first_year and coalesce(g.last_year, y.year)
