-- When a dataset of a county was last delivered, by whom it may: the day its newest delivery is stated on.
-- grain: one row a county. reads: audit.batch.
select max(version) as last_seen
from audit.batch
where county_code = %(county_code)s and dataset = %(dataset)s and state = 'loaded'
