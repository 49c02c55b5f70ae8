-- How many landings of some parts wait to be loaded.
-- grain: one row. reads: audit.landing.
select count(*) as waiting
from audit.landing
where state = 'landed' and group_id = any(%(parts)s::text[])
