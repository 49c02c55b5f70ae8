-- audit.year_stated: the years in which a project was stated, also by rows that newer ones supersede: as long as
-- no letter dates it, it may be of any of them. What comes by the end of March may be of the year before.
-- grain: one row a county, project and year. reads: staging.fund_project.
insert into audit.year_stated (county_code, dataset, item, year)
select distinct
    s.county_code,
    %(dataset)s as dataset,
    s.project_no as item,
    extract(year from s.version at time zone 'Asia/Shanghai' - n.earlier)::integer as year
from {rows} as s
cross join lateral (values (interval '0'), (interval '3 months')) as n (earlier)
where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s and s.fate is null
on conflict (county_code, dataset, item, year) do nothing
