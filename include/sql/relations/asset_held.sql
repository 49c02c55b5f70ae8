-- asset_held: the assets held on each period's last day, and what their dates make of them by then.
-- grain: one row a county, period and asset. reads: period, core.fund_asset.
select
    p.county_code,
    p.period_kind,
    p.period,
    a.town as town_code,
    a.kind,
    a.value_yuan,
    a.titled_on,
    a.handed_over_on,
    a.idle_since,
    a.value_yuan_at_least as is_at_least,
    a.income_yuan,
    a.income_yuan_at_least,
    a.dividend_yuan,
    a.dividend_yuan_at_least,
    a.dividend_households,
    a.batch_id,
    a.row_no,
    concat(a.project_no, '|', a.asset_key) as asset_id,
    coalesce(a.titled_on <= p.last_day, false) as is_titled,
    coalesce(a.handed_over_on <= p.last_day, false) as is_handed_over,
    coalesce(a.idle_since <= p.last_day and coalesce(a.used_again_on > p.last_day, true), false) as is_idle
from period as p
inner join core.fund_asset as a
    on
        p.county_code = a.county_code
        and p.last_day >= a.formed_on
        and coalesce(a.disposed_on, p.last_day) >= p.last_day
