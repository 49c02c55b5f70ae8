-- audit.checked_county: up to which deliveries the counties' checks have run.
-- grain: one row a county. reads: touched_county.
insert into audit.checked_county as k (county_code, batches)
select
    county_code,
    batches
from touched_county
on conflict (county_code) do update set
    batches = excluded.batches
where k.batches <> excluded.batches
