-- The files of the same content as one.
-- grain: one row a landing. reads: audit.landing.
select to_jsonb(l) as landing
from audit.landing as l
where l.county_code = %(county_code)s and l.kind = 'file' and l.sha256 = %(sha256)s
order by l.landing_id
