-- adjustments that no release has taken up yet: of each figure of a latest release the newest, where it differs from
-- what the release says, which the first was noted against. Only of indicators that the release has, and of categories
-- that projects have since. grain: one row a figure.
-- reads: publish.release, publish.adjustment, publish.figure, core.fund_project.
with latest as (
    select distinct on (r.county_code, r.period)
        r.county_code,
        r.release_id
    from publish.release as r
    where %(county_code)s::text is null or r.county_code = %(county_code)s
    order by r.county_code, r.period, r.release_no desc
),

newest as (
    select distinct on (a.county_code, a.release_id, a.period_kind, a.period, a.indicator_id, a.breakdown)
        a.county_code,
        a.release_id,
        a.period_kind,
        a.period,
        a.indicator_id,
        a.breakdown,
        a.new_value,
        a.new_qualifier,
        a.unit,
        a.batches,
        a.noticed_at
    from latest as l
    inner join publish.adjustment as a on l.county_code = a.county_code and l.release_id = a.release_id
    order by a.county_code, a.release_id, a.period_kind, a.period, a.indicator_id, a.breakdown, a.adjustment_no desc
)

select
    n.county_code,
    n.release_id,
    n.period_kind,
    n.period,
    n.indicator_id,
    n.breakdown,
    o.old_value,
    o.old_qualifier,
    n.new_value,
    n.new_qualifier,
    n.unit,
    n.batches,
    n.noticed_at
from newest as n
inner join publish.adjustment as o
    on
        n.county_code = o.county_code
        and n.release_id = o.release_id
        and n.period_kind = o.period_kind
        and n.period = o.period
        and n.indicator_id = o.indicator_id
        and n.breakdown = o.breakdown
        and o.adjustment_no = 1
where
    (n.new_value, n.new_qualifier) is distinct from (o.old_value, o.old_qualifier)
    and (
        exists (
            select 1
            from publish.figure as f
            where
                n.county_code = f.county_code
                and n.release_id = f.release_id
                and n.period_kind = f.period_kind
                and n.period = f.period
                and n.indicator_id = f.indicator_id
        )
        or exists (
            select 1
            from core.fund_project as p
            where n.county_code = p.county_code and n.indicator_id in ('FUN1.' || p.category, 'FUN2.' || p.category)
        )
    )
order by n.county_code, n.period, n.period_kind, n.indicator_id, n.breakdown
