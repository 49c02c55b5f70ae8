-- Targets of the year that is running which will be missed at the present pace, as the check of them last found.
-- grain: one row a county. reads: audit.reconciliation.
select
    r.county_code,
    r.left_value::integer as targets,
    (r.left_value - r.right_value)::integer as behind,
    r.detail
from audit.reconciliation as r
where r.check_id = 'target_outlook' and r.period = %(year)s and r.status = 'warns'
order by r.county_code
