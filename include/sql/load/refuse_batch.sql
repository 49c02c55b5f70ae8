-- audit.batch: a delivery that was refused or held back whole; nothing of it is loaded.
-- grain: one row a batch. reads: parameters.
insert into audit.batch (
    county_code, batch_id, source, dataset, feed, uri, sha256, delivery, state,
    refusal_code, refusal_zh, started_at, finished_at
)
values (
    %(county_code)s, %(batch_id)s, %(source)s, %(dataset)s, %(feed)s, %(uri)s, %(sha256)s, %(delivery)s, %(state)s,
    %(refusal_code)s, %(refusal_zh)s, %(started_at)s, %(finished_at)s
)
on conflict (county_code, batch_id) do nothing
