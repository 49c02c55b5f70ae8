-- enterprise_statement: what was stated about firms, each under one identity whether its credit code was given or not.
-- is_east: what the ledger says of 东部投资, else by where the investor comes from; is_paired: by that alone, the partner
-- county's own name being the partner's province. Empty where nothing typed tells it.
-- grain: one row a county, firm and day of statement. reads: period, eastern_province, core.work_enterprise, core.county.
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
    e.output_yuan,
    e.output_yuan_at_least,
    e.tax_yuan,
    e.tax_yuan_at_least,
    e.batch_id,
    e.row_no,
    case
        when e.is_east_backed is not null then e.is_east_backed
        when starts_with(e.origin, c.paired_county_name) or starts_with(e.origin, '东部') then true
        when e.origin_province_code is not null then v.province_code is not null
    end as is_east,
    case
        when starts_with(e.origin, c.paired_county_name) then true
        when e.origin_province_code is not null then e.origin_province_code = c.paired_province_code
    end as is_paired
from core.work_enterprise as e
inner join core.county as c on e.county_code = c.county_code
left join eastern_province as v on e.origin_province_code = v.province_code
left join code_of_name as n on e.county_code = n.county_code and e.firm_norm = n.firm_norm
where e.county_code in (select p.county_code from period as p)
order by
    e.county_code, coalesce(e.uscc, n.uscc, e.firm_norm), e.stated_on,
    e.version desc, e.row_hash asc
