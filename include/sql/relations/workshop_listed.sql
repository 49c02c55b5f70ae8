-- workshop_listed: the workshops of the list that holds on each period's last day: of every township the last one stated
-- by then, or before there is any the first one. Those that became workshops later are left out.
-- grain: one row a county, period and workshop. reads: period, core.labour_workshop.
with list as (
    select distinct
        w.county_code,
        w.town,
        w.stated_on
    from core.labour_workshop as w
    where w.county_code in (select p.county_code from period as p)
),

chosen as (
    select distinct on (p.county_code, p.period_kind, p.period, l.town)
        p.county_code,
        p.period_kind,
        p.period,
        p.last_day,
        l.town,
        l.stated_on
    from period as p
    inner join list as l on p.county_code = l.county_code
    order by
        p.county_code, p.period_kind, p.period, l.town,
        l.stated_on <= p.last_day desc, abs(l.stated_on - p.last_day) asc
)

select
    c.county_code,
    c.period_kind,
    c.period,
    c.town as town_code,
    w.workshop_norm,
    w.state,
    w.jobs,
    w.jobs_lifted,
    w.batch_id,
    w.row_no,
    w.state <> 'cleared' and coalesce(w.closed_on, c.last_day) >= c.last_day as is_open
from chosen as c
inner join core.labour_workshop as w
    on c.county_code = w.county_code and c.town = w.town and c.stated_on = w.stated_on
where coalesce(w.built_on, c.last_day) <= c.last_day
