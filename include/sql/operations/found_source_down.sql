-- Sources whose newest reading failed because they did not answer.
-- grain: one row a county and group of a fetch. reads: audit.run.
select
    county_code,
    part,
    reason_zh,
    started_at
from (
    select distinct on (county_code, part)
        county_code,
        part,
        sources_down,
        reason_zh,
        started_at
    from audit.run
    where stage = 'fetch'
    order by county_code, part, run_no desc
) as newest
where sources_down > 0
