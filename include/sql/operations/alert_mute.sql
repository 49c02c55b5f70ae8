-- audit.alert: no message about a trouble until a day, for a reason; null for both lifts that.
-- grain: one row a trouble. reads: parameters.
update audit.alert
set
    muted_until = %(until)s,
    mute_reason = %(reason)s,
    state = case when %(until)s::date is null then 'new' else 'muted' end
where alert_key = %(alert_key)s and (%(county_code)s::text is null or county_code = %(county_code)s)
