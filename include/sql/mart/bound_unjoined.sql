-- figure: what an indicator counts in periods of rows that could not be joined is a lower bound.
-- grain: one row a county, period, indicator and township. reads: unjoined.
update figure as f
set is_at_least = true, is_unjoined = true
from unjoined as u
where
    f.county_code = u.county_code
    and f.period_kind = u.period_kind
    and f.period = u.period
    and f.indicator_id = u.indicator_id
    and f.breakdown = u.breakdown
