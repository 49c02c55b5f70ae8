-- audit.coverage: widens the days of a dataset's year that accepted deliveries speak of, never narrows them.
-- A ledger speaks of its year from the first day on; an API batch of its windows.
-- grain: one row a county, dataset and year. reads: parameters.
insert into audit.coverage as c (county_code, dataset, year, covers_from, covers_to)
values (
    %(county_code)s,
    %(dataset)s,
    extract(year from %(covers_to)s::date)::integer,
    coalesce(%(covers_from)s::date, date_trunc('year', %(covers_to)s::date)::date),
    %(covers_to)s
)
on conflict (county_code, dataset, year) do update set
    covers_from = least(c.covers_from, excluded.covers_from),
    covers_to = greatest(c.covers_to, excluded.covers_to)
where excluded.covers_to > c.covers_to or excluded.covers_from < c.covers_from
