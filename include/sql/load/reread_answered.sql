-- audit.quarantine: what was answered before a batch was read again stays answered.
-- grain: one row a reason. reads: parameters.
update audit.quarantine as q
set state = %(state)s, explanation_zh = %(explanation_zh)s
where q.county_code = %(county_code)s and q.quarantine_id = %(quarantine_id)s
