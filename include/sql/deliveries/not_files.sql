-- What platforms and databases gave of some datasets: what they speak of is told again.
-- grain: one row a landing. reads: audit.landing.
select to_jsonb(l) as landing
from audit.landing as l
where
    l.county_code = %(county_code)s
    and l.kind <> 'file'
    and l.state = 'done'
    and l.details ->> 'dataset' = any(%(datasets)s::text[])
order by l.landing_id
