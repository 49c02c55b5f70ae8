-- What failed in the newest run of each Dag, or has been running for so long that it was killed.
-- A source that is down is told of by itself.
-- grain: one row a county and Dag. reads: audit.run.
with newest as (
    select distinct on (split_part(run_id, ':', 1))
        run_id,
        split_part(run_id, ':', 1) as runs
    from audit.run
    order by split_part(run_id, ':', 1), run_no desc
)

select
    r.county_code,
    n.runs,
    min(r.stage || case when r.part = '' then '' else ' ' || r.part end) as place,
    count(*) as lines,
    min(case when r.state = 'running' then '运行中断' else r.reason_zh end) as reason_zh
from audit.run as r
inner join newest as n on r.run_id = n.run_id
where
    (r.state = 'failed' and r.sources_down = 0)
    or (r.state = 'running' and r.started_at < %(stale_before)s)
group by r.county_code, n.runs
