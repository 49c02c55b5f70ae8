-- mart.indicator_value: writes the rates just divided; an unchanged one is not touched.
-- grain: one row a county, period, rate and township. reads: rate_value.
insert into mart.indicator_value as v (
    county_code, period_kind, period, indicator_id, breakdown, value, unit, qualifier, as_of
)
select
    county_code,
    period_kind,
    period,
    indicator_id,
    breakdown,
    value,
    %(unit)s as unit,
    qualifier,
    as_of
from rate_value
where is_stated
on conflict (county_code, period_kind, period, indicator_id, breakdown) do update set
    value = excluded.value,
    unit = excluded.unit,
    qualifier = excluded.qualifier,
    as_of = excluded.as_of
where (
    v.value, v.unit, v.qualifier, v.as_of
) is distinct from (
    excluded.value, excluded.unit, excluded.qualifier, excluded.as_of
)
