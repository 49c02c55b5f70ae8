-- vault.person: people sealed before of whom something else is stated now; an unchanged person is not touched.
-- grain: one row a person. reads: parameters.
update vault.person as p
set payload = t.payload, payload_mac = t.payload_mac
from unnest(%(keys)s::text[], %(payloads)s::bytea[], %(macs)s::text[]) as t (person_key, payload, payload_mac)
where p.county_code = %(county_code)s and p.person_key = t.person_key and p.payload_mac <> t.payload_mac
