-- drafts with what became of them, newest first, of one county and period or of all.
-- grain: one row a draft. reads: publish.draft, publish.decision.
select
    d.county_code,
    d.period,
    d.draft_no,
    d.digest,
    d.content,
    d.drafted_at,
    e.decision
from publish.draft as d
left join publish.decision as e
    on d.county_code = e.county_code and d.period = e.period and d.draft_no = e.draft_no
where
    (%(county_code)s::text is null or d.county_code = %(county_code)s)
    and (%(period)s::text is null or d.period = %(period)s)
order by d.county_code, d.period, d.draft_no desc
