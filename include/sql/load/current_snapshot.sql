-- audit.snapshot_scope: makes a snapshot the current one of its unit and year, unless a newer one is.
-- grain: one row a reporting unit and year (0 where rows have no date of their own). reads: parameters.
insert into audit.snapshot_scope as p (county_code, dataset, reporting_unit, scope_year, version, version_tie)
values (%(county_code)s, %(dataset)s, %(reporting_unit)s, %(scope_year)s, %(version)s, %(version_tie)s)
on conflict (county_code, dataset, reporting_unit, scope_year) do update set
    version = excluded.version,
    version_tie = excluded.version_tie
where (excluded.version, excluded.version_tie) > (p.version, p.version_tie)
