-- figure: that a split has rows which tell no member, under the split's own identity; bound_members takes it away again.
-- grain: one row a county and period. reads: counted.
select
    {dataset} as dataset,
    county_code,
    period_kind,
    period,
    {split_id} as indicator_id,
    '' as breakdown,
    null::numeric(20, 4) as value,
    true as is_at_least,
    true as is_unjoined
from counted
where {unknown}
group by county_code, period_kind, period
