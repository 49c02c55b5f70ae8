-- audit.alert: a trouble that is met; one that was gone begins anew.
-- grain: one row a trouble. reads: parameters.
insert into audit.alert as a (
    county_code, alert_key, kind, subject, severity, title_zh, body_zh, content, told_to, first_seen,
    last_seen
)
values (
    %(county_code)s, %(alert_key)s, %(kind)s, %(subject)s, %(severity)s, %(title_zh)s, %(body_zh)s, %(content)s,
    %(told_to)s, %(now)s, %(now)s
)
on conflict (county_code, alert_key) do update set
    severity = excluded.severity,
    title_zh = excluded.title_zh,
    body_zh = excluded.body_zh,
    content = excluded.content,
    told_to = excluded.told_to,
    first_seen = case when a.resolved_at is null then a.first_seen else excluded.first_seen end,
    last_seen = excluded.last_seen,
    times = case when a.resolved_at is null then a.times + 1 else 1 end,
    resolved_at = null
