-- park_firm_entered: firms that moved into a joint park in each period, by the latest list that names them there, with what
-- was stated of them last up to the period's end. Of which nothing was stated by then nothing but their coming is known.
-- grain: one row a county, period, park and firm. reads: period, core.work_park_firm.
with entered as (
    select distinct on (f.county_code, f.park_norm, f.firm_key)
        f.county_code,
        f.park_norm,
        f.firm_key,
        f.entered_on,
        f.batch_id,
        f.row_no
    from core.work_park_firm as f
    where f.county_code in (select p.county_code from period as p)
    order by f.county_code, f.park_norm, f.firm_key, f.stated_on desc
)

select distinct on (p.county_code, p.period_kind, p.period, e.park_norm, e.firm_key)
    p.county_code,
    p.period_kind,
    p.period,
    e.firm_key,
    s.investment_yuan,
    s.jobs,
    s.jobs_lifted,
    coalesce(s.batch_id, e.batch_id) as batch_id,
    coalesce(s.row_no, e.row_no) as row_no,
    s.investment_yuan is null or s.investment_yuan_at_least as is_investment_open
from period as p
inner join entered as e on p.county_code = e.county_code and e.entered_on between p.first_day and p.last_day
left join core.work_park_firm as s
    on
        e.county_code = s.county_code
        and e.park_norm = s.park_norm
        and e.firm_key = s.firm_key
        and p.last_day >= s.stated_on
order by p.county_code, p.period_kind, p.period, e.park_norm, e.firm_key, s.stated_on desc nulls last
