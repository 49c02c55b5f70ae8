-- mart.indicator_value: drops township rows that the periods just computed no longer have, and all rows of
-- a member of a split that no file foresees in years that no longer have it.
-- Step by step, each by key: the table has no statistics yet of what this build wrote, and joined at once every row is
-- compared with every other.
-- grain: one row a county, period, indicator and township. reads: due_for, figure, wanted, mart.indicator_value.
with asked as materialized (
    select
        p.county_code,
        p.period_kind,
        p.period,
        array_agg(w.indicator_id) as indicator_ids
    from due_for as p
    inner join wanted as w on p.header_id = w.header_id
    where p.header_id = %(header_id)s
    group by p.county_code, p.period_kind, p.period
),

-- each period is looked up once for all its figures: one by one, a split of thirty members is thirty searches
stored as materialized (
    select
        v.county_code,
        v.period_kind,
        v.period,
        v.indicator_id,
        v.breakdown
    from asked as a
    inner join mart.indicator_value as v
        on
            a.county_code = v.county_code
            and a.period_kind = v.period_kind
            and a.period = v.period
            and v.indicator_id = any(a.indicator_ids)
),

known as materialized (
    select
        v.county_code,
        v.period_kind,
        v.period,
        v.indicator_id,
        v.breakdown,
        w.is_foreseen,
        case v.period_kind when 'cumulative' then 'cumulative' else 'year' end as whole_kind,
        case v.period_kind when 'cumulative' then v.period else left(v.period, 4) end as whole_period
    from stored as v
    inner join wanted as w on v.indicator_id = w.indicator_id and w.header_id = %(header_id)s
    where v.breakdown <> '' or not w.is_foreseen
),

gone as materialized (
    select
        v.county_code,
        v.period_kind,
        v.period,
        v.indicator_id,
        v.breakdown
    from known as v
    left join figure as f
        on
            v.county_code = f.county_code
            and v.period_kind = f.period_kind
            and v.period = f.period
            and v.indicator_id = f.indicator_id
            and v.breakdown = f.breakdown
    left join figure as y
        on
            v.county_code = y.county_code
            and v.whole_kind = y.period_kind
            and v.whole_period = y.period
            and v.indicator_id = y.indicator_id
            and y.breakdown = ''
    where (v.breakdown <> '' and f.county_code is null) or (not v.is_foreseen and y.county_code is null)
)

delete from mart.indicator_value as v
using gone as g
where
    v.county_code = g.county_code
    and v.period_kind = g.period_kind
    and v.period = g.period
    and v.indicator_id = g.indicator_id
    and v.breakdown = g.breakdown
