-- One batch whole: what came, what became of every row and yuan of it, and how the file it came in stands.
-- grain: one row a batch. reads: audit.batch, audit.landing, audit.delivery_decision.
select
    b.county_code,
    b.batch_id,
    b.source,
    b.dataset,
    b.feed,
    b.uri,
    b.sha256,
    b.version,
    b.covers_to,
    b.delivery,
    b.reporting_unit,
    b.state,
    b.refusal_code,
    b.refusal_zh,
    b.rows_read,
    b.rows_loaded,
    b.rows_unchanged,
    b.rows_superseded,
    b.rows_duplicate,
    b.rows_quarantined,
    b.rows_ignored,
    b.rows_withdrawn,
    b.rows_amount_unreadable,
    b.yuan_read,
    b.yuan_loaded,
    b.yuan_unchanged,
    b.yuan_superseded,
    b.yuan_duplicate,
    b.yuan_quarantined,
    b.yuan_ignored,
    b.warnings_zh,
    b.started_at,
    b.finished_at,
    l.landing_id,
    l.kind,
    l.landed_at,
    l.run_id,
    l.standing,
    l.edition,
    l.bytes_purged_at,
    l.details -> 'receipt' as receipt,
    coalesce(l.details ->> 'place', b.uri) as place,
    coalesce(substr(b.uri, length(l.uri) + 2), '') as sheet,
    d.decided_by,
    d.decided_at,
    d.reason_zh as decided_for
from audit.batch as b
left join lateral (
    select
        r.landing_id,
        r.kind,
        r.uri,
        r.landed_at,
        r.run_id,
        r.standing,
        r.standing_no,
        r.edition,
        r.bytes_purged_at,
        r.details
    from audit.landing as r
    where
        r.county_code = b.county_code
        and r.sha256 = b.sha256
        and (r.uri = b.uri or starts_with(b.uri, r.uri || '#'))
    order by r.landed_at desc, r.landing_id asc
    limit 1
) as l on true
left join audit.delivery_decision as d on b.county_code = d.county_code and l.standing_no = d.decision_no
where b.county_code = %(county_code)s and b.batch_id = %(batch_id)s
