-- audit.snapshot_scope: makes a snapshot its unit's current one, unless a newer one is.
-- grain: one row a reporting unit. reads: parameters.
insert into audit.snapshot_scope as p (county_code, dataset, reporting_unit, version, version_tie)
values (%(county_code)s, %(dataset)s, %(reporting_unit)s, %(version)s, %(version_tie)s)
on conflict (county_code, dataset, reporting_unit) do update set
    version = excluded.version,
    version_tie = excluded.version_tie
where (excluded.version, excluded.version_tie) > (p.version, p.version_tie)
