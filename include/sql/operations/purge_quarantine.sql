-- audit.quarantine: reasons that were answered long ago.
-- grain: one row a reason. reads: parameters.
delete from audit.quarantine
where state <> 'open' and answered_on < %(before)s::date
returning county_code
