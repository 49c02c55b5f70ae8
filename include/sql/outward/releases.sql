-- years of which a release stands, the latest of each county and year.
-- grain: one row a county and year. reads: publish.release.
select distinct on (r.county_code, r.period)
    r.county_code,
    r.period,
    r.release_id
from publish.release as r
where length(r.period) = 4 and (%(county_code)s::text is null or r.county_code = %(county_code)s)
order by r.county_code, r.period, r.chain_no desc
