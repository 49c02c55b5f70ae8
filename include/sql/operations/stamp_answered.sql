-- audit.quarantine: the day a line was first found corrected or explained; its retention counts from there.
-- grain: one row a reason. reads: parameters.
update audit.quarantine
set answered_on = %(today)s
where state <> 'open' and answered_on is null
