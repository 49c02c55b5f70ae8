-- Rows of files that are held back, each with all that is open about it, sealed as typed, with the delivery it is given
-- back to: where a return held it back, the delivery that return answers.
-- grain: one row a row held back. reads: audit.quarantine, audit.batch, audit.answer, audit.landing, vault.rejected_row.
with waiting as (
    select
        q.county_code,
        q.batch_id,
        q.row_no,
        coalesce(a.root_batch_id, q.batch_id) as root_batch_id,
        max(q.reporting_unit) as reporting_unit,
        jsonb_agg(
            jsonb_build_object('column', q.column_name, 'reason', q.reason_zh) order by q.column_name, q.rule_id
        ) as reasons
    from audit.quarantine as q
    left join audit.answer as a
        on q.county_code = a.county_code and q.batch_id = a.batch_id and q.row_no = a.row_no
    where q.county_code = %(county_code)s and q.state = 'open'
    group by q.county_code, q.batch_id, q.row_no, coalesce(a.root_batch_id, q.batch_id)
)

select
    w.batch_id,
    w.row_no,
    w.root_batch_id,
    w.reasons,
    v.payload,
    r.dataset,
    r.feed,
    r.source,
    substr(r.uri, length(l.uri) + 2) as sheet,
    to_jsonb(l) as landing
from waiting as w
inner join audit.batch as r on w.county_code = r.county_code and w.root_batch_id = r.batch_id
inner join audit.landing as l
    on
        r.county_code = l.county_code
        and r.sha256 = l.sha256
        and (r.uri = l.uri or starts_with(r.uri, l.uri || '#'))
inner join vault.rejected_row as v
    on w.county_code = v.county_code and w.batch_id = v.batch_id and w.row_no = v.row_no
where
    l.kind = 'file'
    and l.bytes_purged_at is null
    and (%(unit)s::text is null or coalesce(w.reporting_unit, r.reporting_unit) = %(unit)s)
    and (
        %(delivery)s::text is null
        or l.landing_id = %(delivery)s
        or l.details ->> 'place' = %(delivery)s
    )
order by l.uri, l.sha256, r.dataset, r.uri, w.row_no, w.batch_id
