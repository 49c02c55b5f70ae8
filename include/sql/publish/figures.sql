-- figures of one county and period as published, each beside the same period a year earlier.
-- grain: one row an indicator and township. reads: mart.indicator_value, mart.indicator.
select
    v.indicator_id,
    v.breakdown,
    v.value,
    v.unit,
    v.qualifier,
    v.as_of,
    l.value as last_year,
    l.qualifier as last_year_qualifier,
    coalesce(i.name_zh, v.indicator_id) as name_zh
from mart.indicator_value as v
left join mart.indicator as i on v.indicator_id = i.indicator_id
left join mart.indicator_value as l
    on
        v.county_code = l.county_code
        and v.period_kind = l.period_kind
        and l.period = %(last_period)s
        and v.indicator_id = l.indicator_id
        and v.breakdown = l.breakdown
        and v.unit = l.unit
where
    v.county_code = %(county_code)s
    and v.period_kind = %(period_kind)s
    and v.period = %(period)s
order by v.indicator_id, v.breakdown
