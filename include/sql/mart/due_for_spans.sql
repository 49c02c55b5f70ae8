-- due_for: the spans of years each indicator is computed for: those that hold a touched month of a dataset it reads, and
-- those it has no value for yet.
-- grain: one row an indicator file, county and span. reads: asked, drained, due_span, mart.indicator_value.
insert into due_for (header_id, county_code, period_kind, period, first_day, last_day)
select
    a.header_id,
    s.county_code,
    'cumulative' as period_kind,
    s.period,
    s.first_day,
    s.last_day
from asked as a
inner join due_span as s on 'year' = any(a.kinds)
where
    exists (
        select 1
        from drained as m
        where
            m.county_code = s.county_code
            and m.dataset = any(a.datasets)
            and m.month between s.first_day and s.last_day
    )
    or not exists (
        select 1
        from mart.indicator_value as v
        where
            v.county_code = s.county_code
            and v.period_kind = 'cumulative'
            and v.period = s.period
            and v.indicator_id = a.probe_id
            and v.breakdown = ''
    )
