-- figures that may leave the office: the county's own, as released where a release of the year stands; of townships what
-- counts nobody, and of a released year what counts people as it was given out, hidden cells without a value.
-- A township's month and year so far are left out where they count people: one month is told by two of them.
-- grain: one row a county, period, indicator and township. reads: mart.indicator_value, publish.figure, publish.town_figure,
-- publish.release, mart.indicator.
with standing as (
    select distinct on (r.county_code, r.period)
        r.county_code,
        r.period,
        r.release_id
    from publish.release as r
    where length(r.period) = 4
    order by r.county_code, r.period, r.chain_no desc
),

released as (
    select
        f.county_code,
        f.period_kind,
        f.period,
        f.indicator_id,
        f.breakdown,
        f.value,
        f.unit,
        f.qualifier,
        f.as_of
    from standing as s
    inner join publish.figure as f on s.county_code = f.county_code and s.release_id = f.release_id
    where f.period_kind = 'year'
),

edition as (
    select
        t.county_code,
        t.period,
        max(t.edition_no) as edition_no
    from publish.town_figure as t
    group by t.county_code, t.period
)

select
    v.county_code,
    v.period_kind,
    v.period,
    v.indicator_id,
    v.breakdown,
    v.value,
    v.unit,
    v.qualifier,
    v.as_of
from mart.indicator_value as v
where
    (v.breakdown = '' or v.unit <> all(%(units)s::text[]))
    and not exists (
        select 1
        from standing as s
        where v.period_kind = 'year' and s.county_code = v.county_code and s.period = v.period
    )
union all
select
    f.county_code,
    f.period_kind,
    f.period,
    f.indicator_id,
    f.breakdown,
    f.value,
    f.unit,
    f.qualifier,
    f.as_of
from released as f
where f.breakdown = '' or f.unit <> all(%(units)s::text[])
union all
select
    t.county_code,
    'year' as period_kind,
    t.period,
    t.indicator_id,
    t.breakdown,
    t.value,
    w.unit,
    case when t.value is null then 'hidden' else coalesce(o.qualifier, w.qualifier) end as qualifier,
    w.as_of
from publish.town_figure as t
inner join edition as e
    on t.county_code = e.county_code and t.period = e.period and t.edition_no = e.edition_no
inner join released as w
    on t.county_code = w.county_code and t.period = w.period and t.indicator_id = w.indicator_id and w.breakdown = ''
left join released as o
    on
        t.county_code = o.county_code
        and t.period = o.period
        and t.indicator_id = o.indicator_id
        and t.breakdown = o.breakdown
where t.value is distinct from 0
