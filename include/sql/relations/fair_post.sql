-- fair_post: the posts offered at the fairs held in each period.
-- firm_key: the firm's credit code; where a row has none, the code another row gives the same name, else the name.
-- grain: one row a county, period and post. reads: period, core.labour_job_fair.
with coded as (
    select
        county_code,
        company_norm,
        min(uscc) as uscc
    from core.labour_job_fair
    where uscc is not null and county_code in (select p.county_code from period as p)
    group by county_code, company_norm
)

select
    p.county_code,
    p.period_kind,
    p.period,
    f.fair_date,
    f.fair_norm,
    f.headcount,
    f.intent_n,
    f.onboard_n,
    f.viewers,
    f.batch_id,
    f.row_no,
    coalesce(f.uscc, c.uscc, f.company_norm) as firm_key
from period as p
inner join core.labour_job_fair as f
    on p.county_code = f.county_code and f.fair_date between p.first_day and p.last_day
left join coded as c on f.county_code = c.county_code and f.company_norm = c.company_norm
