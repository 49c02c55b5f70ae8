-- what the file before looked like: of the same feed and reporting unit, the highest version below this one's.
-- grain: at most one row. reads: audit.batch.
select b.shape
from audit.batch as b
where
    b.county_code = %(county_code)s
    and b.dataset = %(dataset)s
    and b.feed = %(feed)s
    and b.reporting_unit = %(reporting_unit)s
    and b.state = 'loaded'
    and b.version < %(version)s
    and b.shape <> '{}'
order by b.version desc, b.batch_id
limit 1
