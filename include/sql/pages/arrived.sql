-- When what a unit said of a dataset first came in, and what day it is stated on, the newest statement last.
-- grain: one row a delivery of a unit. reads: audit.batch.
select
    b.dataset,
    coalesce(b.reporting_unit, '') as reporting_unit,
    b.version,
    min(b.started_at) as arrived_at,
    min(b.batch_id) as batch_id,
    bool_or(b.rows_read = 0) as is_empty
from audit.batch as b
where
    b.county_code = %(county_code)s
    and b.state = 'loaded'
    and b.feed is not null
    and b.version >= %(since)s
group by b.dataset, coalesce(b.reporting_unit, ''), b.version
order by b.version
