-- townships' counts of people as they are given out now, with the county's own, to be printed.
-- grain: one row an indicator and township, the county's own with an empty breakdown. reads: publish.town_figure,
-- publish.release, publish.figure, mart.indicator, core.division.
with edition as (
    select
        t.county_code,
        t.period,
        max(t.edition_no) as edition_no
    from publish.town_figure as t
    where %(county_code)s::text is null or t.county_code = %(county_code)s
    group by t.county_code, t.period
),

standing as (
    select distinct on (r.county_code, r.period)
        r.county_code,
        r.period,
        r.release_id
    from publish.release as r
    where length(r.period) = 4
    order by r.county_code, r.period, r.chain_no desc
),

shown as (
    select
        t.county_code,
        t.period,
        t.indicator_id,
        t.breakdown,
        t.value
    from edition as e
    inner join publish.town_figure as t
        on e.county_code = t.county_code and e.period = t.period and e.edition_no = t.edition_no
),

printed as (
    select
        s.county_code,
        s.period,
        s.indicator_id,
        s.breakdown,
        s.value
    from shown as s
    union all
    select
        f.county_code,
        f.period,
        f.indicator_id,
        f.breakdown,
        f.value
    from standing as r
    inner join publish.figure as f on r.county_code = f.county_code and r.release_id = f.release_id
    where
        f.period_kind = 'year'
        and f.breakdown = ''
        and exists (
            select 1
            from shown as s
            where s.county_code = f.county_code and s.period = f.period and s.indicator_id = f.indicator_id
        )
)

select
    c.county_code,
    c.county_name,
    p.period,
    p.indicator_id,
    coalesce(i.name_zh, p.indicator_id) as name_zh,
    coalesce(i.unit, '') as unit,
    p.breakdown,
    coalesce(d.division_name, p.breakdown) as town,
    p.value
from printed as p
inner join core.county as c on p.county_code = c.county_code
left join mart.indicator as i on p.indicator_id = i.indicator_id
left join core.division as d on p.county_code = d.county_code and p.breakdown = d.division_code
order by c.county_code, p.period, p.indicator_id, p.breakdown
