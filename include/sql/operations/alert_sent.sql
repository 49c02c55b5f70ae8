-- audit.alert: what became of the message about a trouble.
-- grain: one row a trouble. reads: parameters.
update audit.alert
set
    state = %(state)s,
    last_sent = case when %(state)s::text = 'sent' then %(now)s::timestamptz else last_sent end,
    sent_content = case when %(state)s::text = 'sent' then %(sent_content)s else sent_content end
where county_code = %(county_code)s and alert_key = %(alert_key)s
