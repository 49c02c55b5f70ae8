-- behind an indicator's SELECT: the batches its rows are of, by the member of its split.
-- grain: one row a member. reads: counted.
select
    {prefix} || {split} as indicator_id,
    array_agg(distinct batch_id order by batch_id) as batches
from counted
group by {split}
