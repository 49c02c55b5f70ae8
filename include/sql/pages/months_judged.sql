-- Months in which deliveries of some counties were taken in and judged.
-- grain: one row a month, the newest first. reads: audit.batch.
select distinct to_char(b.finished_at at time zone 'Asia/Shanghai', 'YYYY-MM') as month
from audit.batch as b
where b.county_code = any(%(counties)s::char(6)[]) and b.state <> 'refused'
order by month desc
