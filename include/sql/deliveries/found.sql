-- The files that are meant by the first letters of an identifier, or the newest one of a place.
-- grain: one row a landing. reads: audit.landing.
select to_jsonb(l) as landing
from audit.landing as l
where
    l.county_code = %(county_code)s
    and l.kind = 'file'
    and (
        starts_with(l.landing_id, %(delivery)s)
        or l.landing_id = (
            select o.landing_id
            from audit.landing as o
            where o.county_code = l.county_code and o.kind = 'file' and o.details ->> 'place' = %(delivery)s
            order by o.landed_at desc, o.landing_id
            limit 1
        )
    )
order by l.landing_id
