-- vault.person: people of whom nothing was stated for years, sealed here for as long.
-- Their rows stay and are counted; only name, number and telephone go.
-- grain: one row a person. reads: vault.person, used_person.
with gone as (
    select
        p.county_code,
        p.person_key
    from vault.person as p
    left join used_person as u
        on p.county_code = u.county_code and p.person_key = u.person_key and u.last_stated_on >= %(before)s::date
    where p.stored_on < %(before)s::date and u.person_key is null
)

delete from vault.person as p
using gone as g
where p.county_code = g.county_code and p.person_key = g.person_key
returning p.county_code
