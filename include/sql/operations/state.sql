-- How a stage of a run stands in a county.
-- grain: one row, none before it began. reads: audit.run.
select r.state
from audit.run as r
where r.county_code = %(county_code)s and r.run_id = %(run_id)s and r.stage = %(stage)s and r.part = ''
