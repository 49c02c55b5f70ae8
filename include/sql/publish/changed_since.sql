-- figures of closed periods, of those just computed, that are no longer what is known of them: what their latest
-- release says, or the newest adjustment to it. A township that one side does not list has nothing to count.
-- grain: one row a figure. reads: due, publish.release, publish.figure, publish.adjustment, mart.indicator_value.
with latest as (
    select distinct on (r.county_code, r.period)
        r.county_code,
        r.period,
        r.release_id
    from due as d
    inner join publish.release as r on d.county_code = r.county_code and d.period = r.period
    where d.is_touched
    order by r.county_code, r.period, r.release_no desc
),

stated as (
    select
        f.county_code,
        f.release_id,
        f.period_kind,
        f.period,
        f.indicator_id,
        f.breakdown,
        0 as adjustment_no,
        f.value,
        f.qualifier,
        f.unit
    from latest as l
    inner join publish.figure as f on l.county_code = f.county_code and l.release_id = f.release_id
    union all
    select
        a.county_code,
        a.release_id,
        a.period_kind,
        a.period,
        a.indicator_id,
        a.breakdown,
        a.adjustment_no,
        a.new_value as value,
        a.new_qualifier as qualifier,
        a.unit
    from latest as l
    inner join publish.adjustment as a on l.county_code = a.county_code and l.release_id = a.release_id
),

known as (
    select distinct on (county_code, period_kind, period, indicator_id, breakdown)
        county_code,
        release_id,
        period_kind,
        period,
        indicator_id,
        breakdown,
        adjustment_no,
        value,
        qualifier,
        unit
    from stated
    order by county_code, period_kind, period, indicator_id, breakdown, adjustment_no desc
),

current_value as (
    select
        v.county_code,
        l.release_id,
        v.period_kind,
        v.period,
        v.indicator_id,
        v.breakdown,
        v.value,
        v.qualifier,
        v.unit
    from latest as l
    inner join mart.indicator_value as v on l.county_code = v.county_code and l.period = v.period
),

compared as (
    select
        coalesce(k.county_code, n.county_code) as county_code,
        coalesce(k.release_id, n.release_id) as release_id,
        coalesce(k.period_kind, n.period_kind) as period_kind,
        coalesce(k.period, n.period) as period,
        coalesce(k.indicator_id, n.indicator_id) as indicator_id,
        coalesce(k.breakdown, n.breakdown) as breakdown,
        coalesce(k.adjustment_no, 0) + 1 as adjustment_no,
        case when k.county_code is null and n.breakdown <> '' then 0 else k.value end as old_value,
        coalesce(k.qualifier, case when n.breakdown <> '' then 'exact' else 'not_reported' end) as old_qualifier,
        case when n.county_code is null and k.breakdown <> '' then 0 else n.value end as new_value,
        coalesce(n.qualifier, case when k.breakdown <> '' then 'exact' else 'not_reported' end) as new_qualifier,
        coalesce(n.unit, k.unit) as unit
    from known as k
    full outer join current_value as n
        on
            k.county_code = n.county_code
            and k.period_kind = n.period_kind
            and k.period = n.period
            and k.indicator_id = n.indicator_id
            and k.breakdown = n.breakdown
)

select
    county_code,
    release_id,
    period_kind,
    period,
    indicator_id,
    breakdown,
    adjustment_no,
    old_value,
    old_qualifier,
    new_value,
    new_qualifier,
    unit
from compared
where (old_value, old_qualifier) is distinct from (new_value, new_qualifier)
order by county_code, period, period_kind, indicator_id, breakdown
