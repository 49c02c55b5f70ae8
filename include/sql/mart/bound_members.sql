-- figure: members of a split in periods that have rows which tell no member: any of them may be of each. What a member has
-- is a lower bound there, and one that has something in the year only is not known.
-- grain: one row a county, period and member. reads: figure.
with gone as (
    delete from figure
    where indicator_id = %(split_id)s
    returning dataset, county_code, period_kind, period
),

bounded as (
    update figure as f
    set is_at_least = true
    from gone as g
    where
        f.county_code = g.county_code
        and f.period_kind = g.period_kind
        and f.period = g.period
        and starts_with(f.indicator_id, %(prefix)s)
),

member as (
    select distinct
        county_code,
        indicator_id,
        period_kind = 'cumulative' as is_span,
        period
    from figure
    where period_kind in ('year', 'cumulative') and breakdown = '' and starts_with(indicator_id, %(prefix)s)
)

insert into figure (
    dataset, county_code, period_kind, period, indicator_id, breakdown, value, is_at_least, is_unjoined
)
select
    g.dataset,
    g.county_code,
    g.period_kind,
    g.period,
    m.indicator_id,
    '' as breakdown,
    null as value,
    true as is_at_least,
    true as is_unjoined
from gone as g
inner join member as m
    on
        g.county_code = m.county_code
        and m.is_span = (g.period_kind = 'cumulative')
        and m.period = case when m.is_span then g.period else left(g.period, 4) end
left join figure as f
    on
        g.county_code = f.county_code
        and g.period_kind = f.period_kind
        and g.period = f.period
        and m.indicator_id = f.indicator_id
        and f.breakdown = ''
where f.county_code is null
