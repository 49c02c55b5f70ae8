-- When each reporting unit of a dataset was last heard of: the day its newest delivery is stated on.
-- Stored rows tell of units that rows name, snapshots of those that have none left, batches of unchanged ones.
-- grain: one row a county and reporting unit. reads: core.<dataset>, audit.snapshot_scope, audit.batch.
select
    county_code,
    reporting_unit,
    max(version) as last_seen
from (
    select
        county_code,
        reporting_unit,
        version
    from {core}
    union all
    select
        county_code,
        reporting_unit,
        version
    from audit.snapshot_scope
    where dataset = %(dataset)s
    union all
    select
        county_code,
        reporting_unit,
        version
    from audit.batch
    where dataset = %(dataset)s and state = 'loaded' and reporting_unit <> ''
) as said
where county_code = %(county_code)s
group by county_code, reporting_unit
