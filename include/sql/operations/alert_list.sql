-- Alerts as operations list them, open ones first.
-- grain: one row a trouble. reads: audit.alert.
select
    county_code,
    alert_key,
    kind,
    subject,
    severity,
    title_zh,
    body_zh,
    first_seen,
    last_seen,
    times,
    resolved_at,
    last_sent,
    state,
    muted_until,
    mute_reason
from audit.alert
where (%(county_code)s::text is null or county_code = %(county_code)s) and (%(with_resolved)s or resolved_at is null)
order by resolved_at desc nulls first, county_code asc, severity asc, kind asc, subject asc
