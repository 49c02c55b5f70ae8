-- Alerts that a message is due about, and why: a new one, one that changed, one that lasts, one that is gone.
-- What was muted when it came and went is not reported as gone.
-- grain: one row a trouble. reads: audit.alert.
select
    county_code,
    alert_key,
    kind,
    severity,
    title_zh,
    body_zh,
    content,
    first_seen,
    times,
    told_to,
    case
        when resolved_at is not null then 'resolved'
        when coalesce(sent_content, '') = '' then 'new'
        when sent_content <> content then 'changed'
        else 'lasting'
    end as event
from audit.alert
where
    (muted_until is null or muted_until < %(today)s)
    and case
        when resolved_at is not null then coalesce(sent_content, '') <> ''
        else coalesce(sent_content, '') <> content or last_sent <= %(remind_before)s
    end
order by county_code, told_to, severity, kind, subject
