-- figure: one indicator (or one part of it) for whole counties.
-- grain: one row a county, period and indicator. reads: counted.
select
    {dataset} as dataset,
    county_code,
    period_kind,
    period,
    {indicator_id} as indicator_id,
    '' as breakdown,
    ({measure})::numeric(20, 4) as value,
    {is_at_least} as is_at_least,
    false as is_unjoined
from counted
where {condition}
group by county_code, period_kind, period, {indicator_id}
