-- releases, newest first within a county, of one county and period or of all.
-- grain: one row a release. reads: publish.release.
select
    r.county_code,
    r.period,
    r.release_no,
    r.release_id,
    r.chain_no,
    r.draft_no,
    r.digest,
    r.approved_by,
    r.approved_at,
    r.reason,
    r.previous_head,
    r.head,
    r.signatures,
    r.made_with
from publish.release as r
where
    (%(county_code)s::text is null or r.county_code = %(county_code)s)
    and (%(period)s::text is null or r.period = %(period)s)
order by r.county_code, r.chain_no desc
