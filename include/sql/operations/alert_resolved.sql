-- audit.alert: troubles of the kinds looked at that were not met again are gone.
-- grain: one row a trouble. reads: parameters.
update audit.alert
set resolved_at = %(now)s
where
    resolved_at is null
    and kind = any(%(kinds)s)
    and (%(county_code)s::text is null or county_code = %(county_code)s)
    and not (county_code || alert_key) = any(%(met)s)
