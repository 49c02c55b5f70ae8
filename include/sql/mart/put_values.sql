-- mart.indicator_value: writes the figures of the periods just computed; an unchanged value is not touched.
-- grain: one row a county, period, indicator and township. reads: due_for, figure, wanted, audit.coverage.
insert into mart.indicator_value as v (
    county_code, period_kind, period, indicator_id, breakdown, value, unit, qualifier, as_of
)
{stated_values}
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
