-- mart.indicator_value: drops spans that end in a year looked at and begin in another than the one wanted now.
-- grain: one row a county, span, indicator and township. reads: span.
delete from mart.indicator_value as v
using span as s
where
    v.county_code = s.county_code
    and v.period_kind = 'cumulative'
    and right(v.period, 4) = s.year::text
    and v.period is distinct from s.since::text || '-' || s.year::text
