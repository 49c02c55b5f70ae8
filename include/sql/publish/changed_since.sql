-- figures of closed periods, of those just computed, that are no longer what is known of them: what their latest
-- release says, or the newest adjustment to it. A township that one side does not list has nothing to count.
-- Of what the release lacks: an indicator that no release held, or a zero that a changed list of categories brings or takes
-- away, is no late data. A category that projects have for the first time is, where the release has others of its kind: it
-- had nothing to count. Where the release counts no projects (FUN2), its money is told as they are: 0, or not reported.
-- grain: one row a figure. reads: due, publish.release, publish.figure, publish.adjustment, mart.indicator_value,
-- core.fund_project.
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

held as (
    select distinct
        k.county_code,
        k.period_kind,
        k.period,
        k.indicator_id
    from known as k
),

member as (
    select distinct
        p.county_code,
        w.indicator_id || '.' || p.category as indicator_id,
        w.indicator_id as whole_id
    from core.fund_project as p
    cross join (values ('FUN1'), ('FUN2')) as w (indicator_id)
    where p.county_code in (select l.county_code from latest as l)
),

first_told as (
    select
        k.county_code,
        k.period_kind,
        k.period,
        m.indicator_id,
        k.value * 0 as value,
        k.qualifier
    from known as k
    inner join member as m on k.county_code = m.county_code
    where
        k.indicator_id = 'FUN2'
        and k.breakdown = ''
        and (
            (m.whole_id = 'FUN1' and coalesce(k.value, 0) = 0)
            or exists (
                select 1
                from held as h
                inner join member as o on h.county_code = o.county_code and h.indicator_id = o.indicator_id
                where
                    h.county_code = k.county_code
                    and h.period_kind = k.period_kind
                    and h.period = k.period
                    and o.whole_id = m.whole_id
            )
        )
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
        case when k.county_code is null and n.breakdown <> '' then 0 else coalesce(k.value, f.value) end as old_value,
        coalesce(k.qualifier, case when n.breakdown <> '' then 'exact' else f.qualifier end) as old_qualifier,
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
    left join held as h
        on
            n.county_code = h.county_code
            and n.period_kind = h.period_kind
            and n.period = h.period
            and n.indicator_id = h.indicator_id
    left join first_told as f
        on
            h.county_code is null
            and n.value <> 0
            and n.county_code = f.county_code
            and n.period_kind = f.period_kind
            and n.period = f.period
            and n.indicator_id = f.indicator_id
    where
        (n.county_code is null and (k.value <> 0 or k.breakdown <> ''))
        or h.county_code is not null
        or f.county_code is not null
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
