-- audit.batch: closes the batch; every row and every yuan read has one fate, and a CHECK holds it.
-- grain: one row a batch. reads: staging.<dataset>.
insert into audit.batch (
    county_code, batch_id, source, dataset, feed, uri, sha256, version, covers_to, delivery, state,
    rows_read, rows_loaded, rows_unchanged, rows_superseded, rows_duplicate, rows_quarantined, rows_ignored,
    yuan_read, yuan_loaded, yuan_unchanged, yuan_superseded, yuan_duplicate, yuan_quarantined,
    rows_amount_unreadable, rows_withdrawn, warnings_zh, started_at, finished_at, reporting_unit, shape
)
select -- noqa: LT09, the lines are those of the list above
    %(county_code)s, %(batch_id)s, %(source)s, %(dataset)s, %(feed)s, %(uri)s, %(sha256)s,
    coalesce(max(s.version), %(version)s), %(covers_to)s, %(delivery)s, 'loaded',
    %(rows_read)s,
    count(*) filter (where s.fate = 'loaded'),
    count(*) filter (where s.fate = 'unchanged'),
    count(*) filter (where s.fate = 'superseded'),
    count(*) filter (where s.fate = 'duplicate'),
    count(*) filter (where s.fate = 'quarantined'),
    %(rows_ignored)s,
    %(yuan_read)s,
    coalesce(sum(s.amount_yuan_read) filter (where s.fate = 'loaded'), 0),
    coalesce(sum(s.amount_yuan_read) filter (where s.fate = 'unchanged'), 0),
    coalesce(sum(s.amount_yuan_read) filter (where s.fate = 'superseded'), 0),
    coalesce(sum(s.amount_yuan_read) filter (where s.fate = 'duplicate'), 0),
    coalesce(sum(s.amount_yuan_read) filter (where s.fate = 'quarantined'), 0),
    %(rows_amount_unreadable)s,
    0, %(warnings_zh)s, %(started_at)s, %(finished_at)s, %(reporting_unit)s, %(shape)s
from {staging} as s
where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s
returning to_jsonb(batch)
