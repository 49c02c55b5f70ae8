-- every figure that counts a row, as published now, with the releases in which it counted the row's delivery; and the
-- rates a side of which counts it.
-- grain: one row a figure of the county. reads: counting, mart.indicator_value, mart.indicator, publish.figure.
select
    c.indicator_id,
    c.side_id,
    coalesce(s.unit, v.unit) as measure_unit,
    v.unit,
    c.period_kind,
    c.period,
    v.value,
    v.qualifier,
    coalesce(i.name_zh, c.indicator_id) as name_zh,
    coalesce(i.name_en, c.indicator_id) as name_en,
    coalesce(max(c.town_code), '') as town,
    sum(c.measure) as measure,
    array(
        select f.release_id
        from publish.figure as f
        where
            f.county_code = {of_county}
            and f.period_kind = c.period_kind
            and f.period = c.period
            and f.indicator_id = c.indicator_id
            and f.breakdown = ''
            and f.batches @> array[{of_batch}]
        order by f.release_id
    ) as releases
from (
    select
        o.indicator_id,
        o.indicator_id as side_id,
        o.period_kind,
        o.period,
        o.town_code,
        o.measure
    from counting as o
    union all
    select
        r.indicator_id,
        o.indicator_id as side_id,
        o.period_kind,
        o.period,
        o.town_code,
        o.measure
    from counting as o
    inner join mart.indicator as r on o.indicator_id in (r.numerator_id, r.denominator_id)
) as c
inner join mart.indicator_value as v
    on
        v.county_code = {of_county}
        and c.period_kind = v.period_kind
        and c.period = v.period
        and c.indicator_id = v.indicator_id
        and v.breakdown = ''
left join mart.indicator as i on c.indicator_id = i.indicator_id
left join mart.indicator as s on c.side_id = s.indicator_id
group by
    c.indicator_id, c.side_id, s.unit, v.unit, c.period_kind, c.period, v.value, v.qualifier, i.name_zh, i.name_en
