-- park_firm_entered: firms that moved into a joint park in each period, by the latest list that names them there, with what
-- was stated of them last up to the period's end. Of which nothing was stated by then nothing but their coming is known.
-- A firm is the same by credit code; one stated without a code is the firm of that name that has one.
-- grain: one row a county, period, park and firm. reads: period, core.work_park_firm.
with code_of_name as (
    select
        county_code,
        firm_norm,
        min(uscc) as uscc
    from core.work_park_firm
    where uscc is not null and county_code in (select p.county_code from period as p)
    group by county_code, firm_norm
),

stated as (
    select
        f.county_code,
        f.park_norm,
        coalesce(f.uscc, n.uscc, f.firm_norm) as firm_id,
        f.stated_on,
        f.entered_on,
        f.investment_yuan,
        f.investment_yuan_at_least,
        f.jobs,
        f.jobs_lifted,
        f.batch_id,
        f.row_no
    from core.work_park_firm as f
    left join code_of_name as n on f.county_code = n.county_code and f.firm_norm = n.firm_norm
    where f.county_code in (select p.county_code from period as p)
),

entered as (
    select distinct on (county_code, park_norm, firm_id)
        county_code,
        park_norm,
        firm_id,
        entered_on,
        batch_id,
        row_no
    from stated
    order by county_code, park_norm, firm_id, stated_on desc, batch_id, row_no
)

select distinct on (p.county_code, p.period_kind, p.period, e.park_norm, e.firm_id)
    p.county_code,
    p.period_kind,
    p.period,
    e.firm_id,
    s.investment_yuan,
    s.jobs,
    s.jobs_lifted,
    coalesce(s.batch_id, e.batch_id) as batch_id,
    coalesce(s.row_no, e.row_no) as row_no,
    s.investment_yuan is null or s.investment_yuan_at_least as is_investment_open
from period as p
inner join entered as e on p.county_code = e.county_code and e.entered_on between p.first_day and p.last_day
left join stated as s
    on
        e.county_code = s.county_code
        and e.park_norm = s.park_norm
        and e.firm_id = s.firm_id
        and p.last_day >= s.stated_on
order by
    p.county_code, p.period_kind, p.period, e.park_norm, e.firm_id,
    s.stated_on desc nulls last, s.batch_id asc, s.row_no asc
