-- vault.person: people nobody sealed before, their direct identifiers already encrypted.
-- Nothing of what is sealed is read back, not even by ON CONFLICT: who loads has no right to.
-- grain: one row a person. reads: parameters.
insert into vault.person (county_code, person_key, payload, payload_mac)
select
    %(county_code)s as county_code,
    t.person_key,
    t.payload,
    t.payload_mac
from unnest(%(keys)s::text[], %(payloads)s::bytea[], %(macs)s::text[]) as t (person_key, payload, payload_mac)
on conflict (county_code, person_key) do nothing
