-- What a run has landed for some parts of its groups and not loaded yet.
-- grain: one row a landing. reads: audit.landing.
select
    county_code,
    uri
from audit.landing
where state = 'landed' and group_id = any(%(parts)s::text[]) and run_id = %(run_id)s
