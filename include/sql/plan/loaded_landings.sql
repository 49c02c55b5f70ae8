-- Which of some landings have been loaded (or refused for good).
-- grain: one row a landing. reads: audit.landing, parameters.
select l.landing_id
from unnest(%(counties)s::char(6)[], %(landings)s::text[]) as w (county_code, landing_id)
inner join audit.landing as l on w.county_code = l.county_code and w.landing_id = l.landing_id
where l.state = 'done'
