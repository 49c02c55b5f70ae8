-- used_batch (of this transaction): batches that rows stored now come from.
-- grain: one row a county and batch. reads: core.<dataset>.
insert into used_batch (county_code, batch_id)
select distinct
    county_code,
    batch_id
from {core}
on conflict do nothing
