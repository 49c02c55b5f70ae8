-- due_span: the spans of years that end in a year touched or in a later one on record, where a span is wanted for it.
-- grain: one row a county and span. reads: span, due, mart.indicator_value.
insert into due_span (county_code, period, first_day, last_day)
select
    s.county_code,
    s.since::text || '-' || s.year::text as period,
    make_date(s.since, 1, 1) as first_day,
    make_date(s.year, 12, 31) as last_day
from span as s
where
    s.since < s.year
    and (
        exists (
            select 1
            from due as d
            where d.county_code = s.county_code and d.period_kind = 'year' and d.year = s.year
        )
        or exists (
            select 1
            from mart.indicator_value as v
            where
                v.county_code = s.county_code
                and v.period_kind = 'year'
                and v.period = s.year::text
                and v.indicator_id = %(probe_id)s
                and v.breakdown = ''
        )
    )
