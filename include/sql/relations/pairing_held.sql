-- pairing_held: pairs that hold on each period's last day.
-- grain: one row a county, period and agreement. reads: period, core.work_pairing.
select
    p.county_code,
    p.period_kind,
    p.period,
    r.kind,
    r.east_norm,
    r.west_norm,
    r.batch_id,
    r.row_no
from period as p
inner join core.work_pairing as r
    on
        p.county_code = r.county_code
        and coalesce(r.signed_on, p.last_day) <= p.last_day
        and coalesce(r.ended_on, p.last_day) >= p.last_day
