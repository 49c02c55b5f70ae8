-- audit.year_stated: the years in which rosters of a class were stated: as long as no class dates them, they may be of
-- any of them. What comes by the end of March may be of the year before.
-- grain: one row a county, class and year. reads: staging.labour_training_roster.
insert into audit.year_stated (county_code, dataset, item, year)
select distinct
    s.county_code,
    %(dataset)s as dataset,
    s.class_key as item,
    extract(year from s.version at time zone 'Asia/Shanghai' - n.earlier)::integer as year
from {rows} as s
cross join lateral (values (interval '0'), (interval '3 months')) as n (earlier)
where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s and s.fate is null
on conflict (county_code, dataset, item, year) do nothing
