-- figure: periods of which an indicator has nothing but rows that could not be joined: a figure without a value.
-- grain: one row a county, period, indicator and township. reads: unjoined, figure.
insert into figure (
    dataset, county_code, period_kind, period, indicator_id, breakdown, value, is_at_least, is_unjoined
)
select
    u.dataset,
    u.county_code,
    u.period_kind,
    u.period,
    u.indicator_id,
    u.breakdown,
    null as value,
    true as is_at_least,
    true as is_unjoined
from unjoined as u
left join figure as f
    on
        u.county_code = f.county_code
        and u.period_kind = f.period_kind
        and u.period = f.period
        and u.indicator_id = f.indicator_id
        and u.breakdown = f.breakdown
where f.county_code is null
