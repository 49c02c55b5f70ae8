-- drafts with what became of them, newest first: of one county, period or number, those that wait, or all.
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
    and (%(draft_no)s::integer is null or d.draft_no = %(draft_no)s)
    and (not %(is_waiting)s or e.draft_no is null)
order by d.county_code, d.period, d.draft_no desc
limit %(most)s
