-- What became of a file, dataset by dataset and sheet by sheet, with the delivery of the same unit before it and the one
-- that is current now.
-- grain: one row a batch. reads: audit.landing, audit.batch.
select
    b.dataset,
    b.reporting_unit,
    b.batch_id,
    nullif(substr(b.uri, length(l.uri) + 2), '') as sheet,
    b.state,
    b.refusal_zh,
    b.delivery,
    b.covers_to,
    b.warnings_zh,
    b.rows_read,
    b.rows_loaded,
    b.rows_unchanged,
    b.rows_superseded,
    b.rows_duplicate,
    b.rows_quarantined,
    b.rows_ignored,
    b.rows_withdrawn,
    b.yuan_read,
    b.yuan_loaded,
    b.yuan_unchanged,
    b.yuan_superseded,
    b.yuan_duplicate,
    b.yuan_quarantined,
    b.yuan_ignored,
    before.uri as before_uri,
    before.covers_to as before_to,
    before.rows_read - before.rows_ignored as before_rows,
    newest.uri as newest_uri,
    newest.covers_to as newest_to
from audit.landing as l
inner join audit.batch as b
    on
        l.county_code = b.county_code
        and l.sha256 = b.sha256
        and (l.uri = b.uri or starts_with(b.uri, l.uri || '#'))
left join lateral (
    select
        o.uri,
        o.covers_to,
        o.rows_read,
        o.rows_ignored
    from audit.batch as o
    where
        o.county_code = b.county_code
        and o.dataset = b.dataset
        and o.feed = b.feed
        and o.reporting_unit = b.reporting_unit
        and o.delivery = b.delivery
        and o.state = 'loaded'
        and (o.version < b.version or (o.version = b.version and o.started_at < b.started_at))
        and o.sha256 <> b.sha256
    order by o.version desc, o.started_at desc, o.batch_id
    limit 1
) as before on true
left join lateral (
    select
        o.uri,
        o.covers_to
    from audit.batch as o
    where
        o.county_code = b.county_code
        and o.dataset = b.dataset
        and o.feed = b.feed
        and o.reporting_unit = b.reporting_unit
        and o.delivery = 'snapshot'
        and o.state = 'loaded'
    order by o.version desc, o.started_at desc, o.batch_id
    limit 1
) as newest on b.delivery = 'snapshot'
where l.county_code = %(county_code)s and l.landing_id = %(landing_id)s
order by b.uri, b.dataset, b.feed
