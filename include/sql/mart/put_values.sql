-- mart.indicator_value: writes the figures of the periods just computed; an unchanged value is not touched.
-- Nothing to count in an accepted period is 0; a period no accepted delivery speaks of is not reported.
-- grain: one row a county, period, indicator and township. reads: period, figure, wanted, audit.coverage.
insert into mart.indicator_value as v (
    county_code, period_kind, period, indicator_id, breakdown, value, unit, qualifier, as_of
)
select
    s.county_code,
    s.period_kind,
    s.period,
    s.indicator_id,
    s.breakdown,
    s.value,
    %(unit)s as unit,
    case
        when s.value is null then 'not_reported'
        when s.is_at_least then 'at_least'
        else 'exact'
    end as qualifier,
    s.as_of
from (
    select
        p.county_code,
        p.period_kind,
        p.period,
        w.indicator_id,
        coalesce(f.breakdown, '') as breakdown,
        coalesce(f.value, case when c.covers_to >= p.first_day then 0 end) as value,
        coalesce(f.is_at_least, false) as is_at_least,
        least(p.last_day, coalesce(c.covers_to, p.last_day)) as as_of
    from period as p
    cross join wanted as w
    left join figure as f
        on
            p.county_code = f.county_code
            and p.period_kind = f.period_kind
            and p.period = f.period
            and w.indicator_id = f.indicator_id
    left join audit.coverage as c on p.county_code = c.county_code and c.dataset = %(dataset)s
) as s
on conflict (county_code, period_kind, period, indicator_id, breakdown) do update set
    value = excluded.value,
    unit = excluded.unit,
    qualifier = excluded.qualifier,
    as_of = excluded.as_of
where
    (v.value, v.unit, v.qualifier, v.as_of)
    is distinct from (excluded.value, excluded.unit, excluded.qualifier, excluded.as_of)
