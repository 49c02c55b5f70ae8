-- closed months of a year before another period whose latest release late data contradict.
-- grain: one row a release. reads: publish.release, publish.adjustment, publish.figure.
with latest as (
    select distinct on (r.county_code, r.period)
        r.county_code,
        r.period,
        r.release_id
    from publish.release as r
    where
        r.county_code = %(county_code)s
        and left(r.period, 4) = %(year)s
        and length(r.period) = 7
        and r.period < case length(%(period)s) when 4 then %(period)s || '-99' else %(period)s end
    order by r.county_code, r.period, r.release_no desc
),

newest as (
    select distinct on (a.county_code, a.release_id, a.period_kind, a.indicator_id, a.breakdown)
        a.county_code,
        a.release_id,
        a.period_kind,
        a.period,
        a.indicator_id,
        a.breakdown,
        a.new_value,
        a.new_qualifier
    from latest as l
    inner join publish.adjustment as a on l.county_code = a.county_code and l.release_id = a.release_id
    order by a.county_code, a.release_id, a.period_kind, a.indicator_id, a.breakdown, a.adjustment_no desc
)

select
    n.period,
    n.release_id,
    count(*) as figures
from newest as n
left join publish.figure as f
    on
        n.county_code = f.county_code
        and n.release_id = f.release_id
        and n.period_kind = f.period_kind
        and n.period = f.period
        and n.indicator_id = f.indicator_id
        and n.breakdown = f.breakdown
where (n.new_value, n.new_qualifier) is distinct from (f.value, f.qualifier)
group by n.period, n.release_id
order by n.period
