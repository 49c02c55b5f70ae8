-- audit.coverage: moves the data cut-off of a dataset's year forward, never back.
-- grain: one row a county, dataset and year. reads: parameters.
insert into audit.coverage as c (county_code, dataset, year, covers_to)
values (%(county_code)s, %(dataset)s, extract(year from %(covers_to)s::date)::integer, %(covers_to)s)
on conflict (county_code, dataset, year) do update set
    covers_to = excluded.covers_to
where excluded.covers_to > c.covers_to
