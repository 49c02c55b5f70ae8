-- fair_post: the posts offered at the fairs held in each period.
-- firm_key: the firm's credit code; where a row has none, the code another row gives the same name, else the name.
-- is_online, is_onsite: how the fair was held, as any of its posts tells in words that say so; null where none does.
-- grain: one row a county, period and post. reads: period, core.labour_job_fair.
with coded as (
    select
        county_code,
        company_norm,
        min(uscc) as uscc
    from core.labour_job_fair
    where uscc is not null and county_code in (select p.county_code from period as p)
    group by county_code, company_norm
),

mode_told as (
    select
        county_code,
        fair_date,
        fair_norm,
        mode ~ '线上|网上|网络|直播|云招聘|云端' as is_online,
        mode ~ '线下|现场|实地' as is_onsite
    from core.labour_job_fair
    where
        mode ~ '线上|网上|网络|直播|云招聘|云端|线下|现场|实地'
        and mode !~ '非|不|未|无'
        and county_code in (select p.county_code from period as p)
),

held as (
    select
        county_code,
        fair_date,
        fair_norm,
        bool_or(is_online) as is_online,
        bool_or(is_onsite) as is_onsite
    from mode_told
    group by county_code, fair_date, fair_norm
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
    h.is_online,
    h.is_onsite,
    coalesce(f.uscc, c.uscc, f.company_norm) as firm_key
from period as p
inner join core.labour_job_fair as f
    on p.county_code = f.county_code and f.fair_date between p.first_day and p.last_day
left join coded as c on f.county_code = c.county_code and f.company_norm = c.company_norm
left join held as h
    on f.county_code = h.county_code and f.fair_date = h.fair_date and f.fair_norm = h.fair_norm
