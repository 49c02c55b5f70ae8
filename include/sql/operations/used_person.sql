-- used_person (of this transaction): people whom stored rows are about, and the newest day one is stated on.
-- grain: one row a county and person. reads: core.<dataset>.
insert into used_person as u (county_code, person_key, last_stated_on)
select
    county_code,
    person_key,
    max(version)::date as last_stated_on
from {core}
where person_key is not null
group by county_code, person_key
on conflict (county_code, person_key) do update set
    last_stated_on = greatest(u.last_stated_on, excluded.last_stated_on)
