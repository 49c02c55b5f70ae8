-- figure: one indicator (or one part of it) for whole counties, where not every row tells whether it belongs.
-- Rows that do not tell make what the others add up to a lower bound, and unknown where that is nothing; a year in which
-- no row tells leaves all its periods unknown.
-- grain: one row a county, period and indicator. reads: counted.
select
    {dataset} as dataset,
    t.county_code,
    t.period_kind,
    t.period,
    t.indicator_id,
    '' as breakdown,
    case when t.is_told then t.value end as value,
    t.is_at_least or t.has_unknown as is_at_least,
    not t.is_told or (t.value is null and t.has_unknown) as is_unjoined
from (
    select
        county_code,
        period_kind,
        period,
        {indicator_id} as indicator_id,
        nullif({measured}, 0)::numeric(20, 4) as value,
        coalesce({own_at_least}, false) as is_at_least,
        coalesce(bool_or({unknown}), false) as has_unknown,
        bool_or(bool_or(not coalesce({silent}, false))) over (partition by county_code, left(period, 4)) as is_told
    from counted
    group by county_code, period_kind, period, {indicator_id}
) as t
