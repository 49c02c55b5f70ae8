-- The fields that the newest file of a reporting unit had columns for.
-- grain: one row. reads: audit.batch.
select shape -> 'columns' as fields
from audit.batch
where
    county_code = %(county_code)s
    and dataset = %(dataset)s
    and reporting_unit = %(unit)s
    and state = 'loaded'
    and shape ? 'columns'
order by version desc, batch_id
limit 1
