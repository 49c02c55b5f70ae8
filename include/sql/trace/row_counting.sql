-- the periods in which one figure counts a row: the indicator's own SELECT, narrowed to the row.
-- grain: one row a period and township, twice where the SELECT has the row twice. reads: what the indicator reads.
select
    {indicator_id} as indicator_id,
    period_kind,
    period,
    town_code::text as town_code,
    ({measured})::numeric(20, 4) as measure
from {of_indicator}
where batch_id = {batch_id} and row_no = {row_no} and ({condition})
