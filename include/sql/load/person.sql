-- vault.person: people's direct identifiers, already encrypted; an unchanged person is not touched.
-- grain: one row a person. reads: parameters.
insert into vault.person as p (county_code, person_key, payload, payload_mac)
select
    %(county_code)s as county_code,
    t.person_key,
    t.payload,
    t.payload_mac
from unnest(%(keys)s::text[], %(payloads)s::bytea[], %(macs)s::text[]) as t (person_key, payload, payload_mac)
on conflict (county_code, person_key) do update set
    payload = excluded.payload,
    payload_mac = excluded.payload_mac
where p.payload_mac <> excluded.payload_mac
