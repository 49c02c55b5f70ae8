-- vault.person: people of whom nothing was stated for years, sealed here for as long.
-- Their rows stay and are counted; only name, number and telephone go.
-- grain: one row a person. reads: used_person.
delete from vault.person as p
where
    p.stored_on < %(before)s::date
    and not exists (
        select 1
        from used_person as u
        where
            u.county_code = p.county_code
            and u.person_key = p.person_key
            and u.last_stated_on >= %(before)s::date
    )
returning p.county_code
