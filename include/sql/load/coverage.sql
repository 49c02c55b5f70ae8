-- audit.coverage: moves the data cut-off of a dataset forward, never back.
-- grain: one row a county and dataset. reads: parameters.
insert into audit.coverage as c (county_code, dataset, covers_to)
values (%(county_code)s, %(dataset)s, %(covers_to)s)
on conflict (county_code, dataset) do update set covers_to = excluded.covers_to
where excluded.covers_to > c.covers_to
