-- enterprise_statement: what was stated about firms, each under one identity whether its credit code was given or not.
-- grain: one row a county, firm and day of statement. reads: period, core.work_enterprise.
with code_of_name as (
    select
        county_code,
        firm_norm,
        min(uscc) as uscc
    from core.work_enterprise
    where uscc is not null and county_code in (select p.county_code from period as p)
    group by county_code, firm_norm
)

select distinct on (e.county_code, coalesce(e.uscc, n.uscc, e.firm_norm), e.stated_on)
    e.county_code,
    coalesce(e.uscc, n.uscc, e.firm_norm) as firm_id,
    e.stated_on,
    e.landed_on,
    e.actual_yuan,
    e.actual_yuan_at_least,
    e.jobs,
    e.jobs_lifted,
    e.agreed_yuan,
    e.agreed_yuan_at_least,
    e.projects,
    e.stage,
    e.is_east_backed,
    e.batch_id,
    e.row_no
from core.work_enterprise as e
left join code_of_name as n on e.county_code = n.county_code and e.firm_norm = n.firm_norm
where e.county_code in (select p.county_code from period as p)
order by
    e.county_code, coalesce(e.uscc, n.uscc, e.firm_norm), e.stated_on,
    e.version desc, e.row_hash asc
