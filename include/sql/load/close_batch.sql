-- audit.batch: closes the batch; every row and every yuan read has one fate, and a CHECK holds it.
-- grain: one row a batch. reads: parameters, of which the counts are the tally's and those of the merge itself.
insert into audit.batch (
    county_code, batch_id, source, dataset, feed, uri, sha256, version, covers_to, delivery, state,
    rows_read, rows_loaded, rows_unchanged, rows_superseded, rows_duplicate, rows_quarantined, rows_ignored,
    yuan_read, yuan_loaded, yuan_unchanged, yuan_superseded, yuan_duplicate, yuan_quarantined,
    rows_amount_unreadable, rows_withdrawn, warnings_zh, started_at, finished_at, reporting_unit, shape
)
values (
    %(county_code)s, %(batch_id)s, %(source)s, %(dataset)s, %(feed)s, %(uri)s, %(sha256)s, %(version)s, %(covers_to)s,
    %(delivery)s, 'loaded',
    %(rows_read)s, %(rows_loaded)s, %(rows_unchanged)s, %(rows_superseded)s, %(rows_duplicate)s, %(rows_quarantined)s,
    %(rows_ignored)s,
    %(yuan_read)s, %(yuan_loaded)s, %(yuan_unchanged)s, %(yuan_superseded)s, %(yuan_duplicate)s, %(yuan_quarantined)s,
    %(rows_amount_unreadable)s, 0, %(warnings_zh)s, %(started_at)s, %(finished_at)s, %(reporting_unit)s, %(shape)s
)
