-- How what was asked for on a page stands.
-- grain: one row, none before it began. reads: audit.run.
select
    r.state,
    r.reason_zh
from audit.run as r
where r.county_code = %(county_code)s and r.run_id = %(run_id)s and r.stage = 'office'
