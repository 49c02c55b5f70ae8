-- due_for: the spans of years each indicator is computed for: those that hold a touched month of a dataset it reads, and
-- those it has no value for yet.
-- grain: one row an indicator file, county and span. reads: asked, drained, due_span, mart.indicator_value.
insert into due_for (header_id, county_code, period_kind, period, first_day, last_day)
with touched as (
    select distinct
        a.header_id,
        s.county_code,
        s.period
    from due_span as s
    inner join drained as m on s.county_code = m.county_code and m.month between s.first_day and s.last_day
    inner join asked as a on m.dataset = any(a.datasets)
)

select
    a.header_id,
    s.county_code,
    'cumulative' as period_kind,
    s.period,
    s.first_day,
    s.last_day
from asked as a
inner join due_span as s on 'year' = any(a.kinds)
left join touched as t
    on
        a.header_id = t.header_id
        and s.county_code = t.county_code
        and s.period = t.period
left join mart.indicator_value as v
    on
        s.county_code = v.county_code
        and v.period_kind = 'cumulative'
        and s.period = v.period
        and a.probe_id = v.indicator_id
        and v.breakdown = ''
where t.header_id is not null or v.county_code is null
