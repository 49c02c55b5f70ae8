-- figure: one indicator (or one part of it) by township, where not every row tells whether it belongs; as told_whole.
-- grain: one row a county, period, indicator and township. reads: counted.
select
    {dataset} as dataset,
    t.county_code,
    t.period_kind,
    t.period,
    t.indicator_id,
    t.town_code as breakdown,
    t.value,
    t.is_at_least or t.has_unknown as is_at_least,
    t.value is null as is_unjoined
from (
    select
        county_code,
        period_kind,
        period,
        {indicator_id} as indicator_id,
        town_code,
        nullif({measured}, 0)::numeric(20, 4) as value,
        coalesce({own_at_least}, false) as is_at_least,
        coalesce(bool_or({unknown}), false) as has_unknown,
        bool_or(bool_or(not coalesce({silent}, false))) over (partition by county_code, left(period, 4)) as is_told
    from counted
    group by county_code, period_kind, period, {indicator_id}, town_code
) as t
where t.town_code is not null and t.is_told and (t.value is not null or t.has_unknown)
