-- period: the periods one indicator is computed for.
-- grain: one row a county and period. reads: due_for.
select
    county_code,
    period_kind,
    period,
    first_day,
    last_day
from due_for
where header_id = {header_id}
