-- audit.run: begins, or completes, a stage's line for one county; a stage begun again starts its line anew.
-- grain: one row a county, run, stage and part. reads: parameters.
insert into audit.run as r (
    county_code, run_id, stage, part, source, state, started_at, finished_at, batches_loaded, batches_refused,
    batches_gated, rows_read, rows_quarantined, periods_built, sources_down, reason_zh, began_at, ended_at
)
values (
    %(county_code)s, %(run_id)s, %(stage)s, %(part)s, %(source)s, %(state)s, %(now)s,
    case when %(state)s::text <> 'running' then %(now)s::timestamptz end,
    %(batches_loaded)s, %(batches_refused)s, %(batches_gated)s, %(rows_read)s, %(rows_quarantined)s,
    %(periods_built)s, %(sources_down)s, %(reason_zh)s, %(began_at)s, %(ended_at)s
)
on conflict (county_code, run_id, stage, part) do update set
    state = excluded.state,
    started_at = case when excluded.state = 'running' then excluded.started_at else r.started_at end,
    finished_at = excluded.finished_at,
    batches_loaded = excluded.batches_loaded,
    batches_refused = excluded.batches_refused,
    batches_gated = excluded.batches_gated,
    rows_read = excluded.rows_read,
    rows_quarantined = excluded.rows_quarantined,
    periods_built = excluded.periods_built,
    sources_down = excluded.sources_down,
    reason_zh = excluded.reason_zh,
    began_at = excluded.began_at,
    ended_at = excluded.ended_at
