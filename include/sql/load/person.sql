-- vault.person: a person's direct identifiers, already encrypted; an unchanged person is not touched.
-- grain: one row a person. reads: parameters.
insert into vault.person as p (county_code, person_key, payload, payload_mac)
values (%s, %s, %s, %s)
on conflict (county_code, person_key) do update set
    payload = excluded.payload,
    payload_mac = excluded.payload_mac
where p.payload_mac <> excluded.payload_mac
