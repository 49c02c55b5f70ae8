-- audit.quarantine: what was explained before a batch was read again stays explained.
-- grain: one row a reason and place. reads: parameters.
update audit.quarantine as q
set explanation_zh = %(explanation_zh)s
where q.county_code = %(county_code)s and q.quarantine_id = %(quarantine_id)s
