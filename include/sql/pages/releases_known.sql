-- releases of a county to choose from, the newest first.
-- grain: one row a release. reads: publish.release.
select
    r.release_id,
    r.period,
    r.release_no,
    r.approved_at
from publish.release as r
where r.county_code = %(county_code)s
order by r.chain_no desc
limit 200
