-- figure: one indicator (or one part of it) by township; rows without a township count in the whole only.
-- grain: one row a county, period, indicator and township. reads: counted.
select
    {dataset} as dataset,
    county_code,
    period_kind,
    period,
    {indicator_id} as indicator_id,
    town_code as breakdown,
    ({measure})::numeric(20, 4) as value,
    {is_at_least} as is_at_least,
    false as is_unjoined
from counted
where ({condition}) and town_code is not null
group by county_code, period_kind, period, {indicator_id}, town_code
