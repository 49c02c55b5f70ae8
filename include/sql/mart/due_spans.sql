-- due_span: the spans of years that end in a year touched or in a later one on record, where a span is wanted for it.
-- grain: one row a county and span. reads: span, due, mart.indicator_value.
insert into due_span (county_code, period, first_day, last_day)
select
    s.county_code,
    s.since::text || '-' || s.year::text as period,
    make_date(s.since, 1, 1) as first_day,
    make_date(s.year, 12, 31) as last_day
from span as s
left join due as d on s.county_code = d.county_code and d.period_kind = 'year' and s.year = d.year
left join mart.indicator_value as v
    on
        s.county_code = v.county_code
        and v.period_kind = 'year'
        and s.year::text = v.period
        and v.indicator_id = %(probe_id)s
        and v.breakdown = ''
where s.since < s.year and (d.county_code is not null or v.county_code is not null)
