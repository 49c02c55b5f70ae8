-- audit.word_waiting: what rows of a county wait for now.
-- grain: one row a county. reads: parameters.
insert into audit.word_waiting (county_code, looked_at, seen, proposals)
values (%(county_code)s, %(looked_at)s, %(seen)s, %(proposals)s)
on conflict (county_code) do update
    set looked_at = excluded.looked_at, seen = excluded.seen, proposals = excluded.proposals
