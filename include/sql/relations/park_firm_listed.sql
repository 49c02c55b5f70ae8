-- park_firm_listed: the firms of the list that holds on each period's last day: of every park the last one stated by
-- then, or before there is any the first one, which knows who had moved in but not what there was by then.
-- Output is that of a year so far: a list of an earlier year does not know this one's.
-- grain: one row a county, period, park and firm. reads: period, core.work_park_firm.
with list as (
    select distinct
        f.county_code,
        f.park_norm,
        f.stated_on
    from core.work_park_firm as f
    where f.county_code in (select p.county_code from period as p)
),

chosen as (
    select distinct on (p.county_code, p.period_kind, p.period, l.park_norm)
        p.county_code,
        p.period_kind,
        p.period,
        p.last_day,
        l.park_norm,
        l.stated_on
    from period as p
    inner join list as l on p.county_code = l.county_code
    order by
        p.county_code, p.period_kind, p.period, l.park_norm,
        l.stated_on <= p.last_day desc, abs(l.stated_on - p.last_day) asc
)

select
    c.county_code,
    c.period_kind,
    c.period,
    f.firm_key,
    f.is_east,
    f.batch_id,
    f.row_no,
    case when c.stated_on <= c.last_day then f.investment_yuan end as investment_yuan,
    case when c.stated_on <= c.last_day then f.jobs end as jobs,
    case when c.stated_on <= c.last_day then f.jobs_lifted end as jobs_lifted,
    case
        when c.stated_on between date_trunc('year', c.last_day)::date and c.last_day then f.output_yuan
    end as output_yuan,
    c.stated_on > c.last_day or f.investment_yuan is null or f.investment_yuan_at_least as is_investment_open,
    not c.stated_on between date_trunc('year', c.last_day)::date and c.last_day
    or f.output_yuan is null
    or f.output_yuan_at_least as is_output_open
from chosen as c
inner join core.work_park_firm as f
    on c.county_code = f.county_code and c.park_norm = f.park_norm and c.stated_on = f.stated_on
where
    f.entered_on <= c.last_day
    and coalesce(f.left_on, c.last_day) >= c.last_day
