-- The current snapshots of some units and the year stated of each: which they are, and how many rows stand by them.
-- rows_stated are those that a newer snapshot would have to state again; rows_evident those of which the current one is
-- the evidence, evident_batch_id is a batch of it.
-- grain: one row a reporting unit. reads: audit.snapshot_scope, core.<dataset>.
select
    p.reporting_unit,
    p.version,
    p.version_tie,
    s.rows_stated,
    s.rows_evident,
    s.evident_batch_id
from audit.snapshot_scope as p
inner join unnest(%(units)s::text[], %(years)s::integer[]) as u (reporting_unit, scope_year)
    on p.reporting_unit = u.reporting_unit and p.scope_year = u.scope_year
cross join
    lateral (
        select
            count(c.batch_id) filter (where {c_is_in_scope_of_p}) as rows_stated, -- noqa: RF02, its columns are named by the alias
            count(c.batch_id) filter (where c.version_tie = p.version_tie) as rows_evident,
            min(c.batch_id) filter (where c.version_tie = p.version_tie) as evident_batch_id
        from {core} as c
        where c.county_code = p.county_code and c.reporting_unit = p.reporting_unit
    ) as s
where p.county_code = %(county_code)s and p.dataset = %(dataset)s
