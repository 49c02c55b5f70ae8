-- period: the touched months of the datasets an additive indicator reads, also those that have not begun: what is
-- dated ahead counts in its year.
-- grain: one row a county and month. reads: drained.
select distinct
    county_code,
    'month' as period_kind,
    to_char(month, 'YYYY-MM') as period,
    month as first_day,
    (month + interval '1 month' - interval '1 day')::date as last_day
from drained
where dataset = any({datasets})
