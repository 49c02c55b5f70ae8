-- behind an indicator's SELECT: the batches of the rows that meet a condition.
-- grain: one row. reads: counted.
select
    {indicator_id} as indicator_id,
    array_agg(distinct batch_id order by batch_id) as batches
from counted
where {condition}
