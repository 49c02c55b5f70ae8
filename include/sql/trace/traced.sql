-- traced: the rows one figure counts, each with the thing measured; the indicator's own SELECT, not aggregated; of those
-- asked for by a page, whichever come first: sorting a million takes longer than a page may.
-- grain: one row a counted row, of a rate one a row of either side. reads: period and what the indicator reads.
insert into traced (side_no, batch_id, row_no, measure)
{counted}
select
    {side} as side_no,
    batch_id,
    row_no,
    ({measured})::numeric(20, 4) as measure
from counted
where ({condition}) and ({town} = '' or town_code = {town})
limit {most}  -- noqa: AM09
