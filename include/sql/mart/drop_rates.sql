-- mart.indicator_value: drops rates of which a side is no longer there: a township without anything to be a share of, a
-- member of a split that was corrected away.
-- grain: one row a county, period, rate and township. reads: rate_value.
delete from mart.indicator_value as v
using rate_value as r
where
    not r.is_stated
    and v.county_code = r.county_code
    and v.period_kind = r.period_kind
    and v.period = r.period
    and v.indicator_id = r.indicator_id
    and v.breakdown = r.breakdown
