-- audit.quarantine: why rows that are held back need not wait for a correction.
-- grain: one row a reason. reads: nothing.
update audit.quarantine
set
    state = 'explained',
    explanation_zh = %(explanation_zh)s
where county_code = %(county_code)s and quarantine_id = any(%(quarantine_ids)s) and state in ('open', 'explained')
