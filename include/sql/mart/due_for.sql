-- due_for: the periods each indicator is computed for. Where a dataset it reads was touched: the touched ones, and those
-- it has no final value for (one that is not reported, or one as of a day before the period's end: the cut-off may
-- have moved); of a split all periods, for a member that is new, or gone, changes every one of them.
-- Where only other datasets were touched: periods it has no value for at all, a month that has begun since, and the
-- year they lie in, which tells how far a year is known.
-- grain: one row an indicator file, county and period. reads: asked, drained, due, mart.indicator_value.
insert into due_for (header_id, county_code, period_kind, period, first_day, last_day)
with own_year as (
    select
        a.header_id,
        m.county_code,
        extract(year from m.month)::integer as year,
        min(m.month) as first_month,
        array_agg(m.month) as months
    from asked as a
    inner join drained as m on m.dataset = any(a.datasets)
    group by a.header_id, m.county_code, extract(year from m.month)
),

due_year as (
    select distinct
        county_code,
        year
    from due
),

-- read by years before anything is joined to it: joined at once, all that is stored is read for a few periods; all
-- kinds of periods are named so that the index finds the year instead of reading all years of the county
known as materialized (
    select
        v.county_code,
        v.period_kind,
        v.period,
        v.indicator_id,
        v.value,
        v.as_of
    from due_year as y
    inner join mart.indicator_value as v
        on
            y.county_code = v.county_code
            and v.period_kind in ('month', 'year_to_date', 'year')
            and v.period between y.year::text and y.year::text || '-12'
    where v.breakdown = ''
),

looked_at as (
    select
        a.header_id,
        d.county_code,
        d.period_kind,
        d.period,
        d.first_day,
        d.last_day,
        v.county_code is null as is_new,
        bool_or(v.county_code is null) over (partition by a.header_id, d.county_code, d.year) as is_beside_new,
        o.header_id is not null
        and (
            a.is_split
            or v.value is null
            or v.as_of <> d.last_day
            or case d.period_kind
                when 'month' then d.first_day = any(o.months)
                when 'year_to_date' then d.last_day >= o.first_month
                else true
            end
        ) as is_touched
    from asked as a
    inner join due as d on d.period_kind = any(a.kinds)
    left join own_year as o on a.header_id = o.header_id and d.county_code = o.county_code and d.year = o.year
    left join known as v
        on
            d.county_code = v.county_code
            and d.period_kind = v.period_kind
            and d.period = v.period
            and a.probe_id = v.indicator_id
)

select
    header_id,
    county_code,
    period_kind,
    period,
    first_day,
    last_day
from looked_at
where is_touched or is_new or (is_beside_new and period_kind = 'year')
