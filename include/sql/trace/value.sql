-- the published value of one figure. grain: one row. reads: mart.indicator_value.
select
    v.value,
    v.qualifier,
    v.unit
from mart.indicator_value as v
where
    v.county_code = %(county_code)s
    and v.period_kind = %(period_kind)s
    and v.period = %(period)s
    and v.indicator_id = %(indicator_id)s
    and v.breakdown = %(breakdown)s
