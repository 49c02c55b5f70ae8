-- Drafts that wait for a signature: since when, how many of the steps are taken.
-- grain: one row a draft. reads: publish.draft, publish.decision, publish.signature.
select
    d.county_code,
    d.period,
    d.draft_no,
    count(s.step)::integer as taken,
    coalesce(max(s.answered_at), d.drafted_at) as since
from publish.draft as d
left join publish.decision as e
    on d.county_code = e.county_code and d.period = e.period and d.draft_no = e.draft_no
left join publish.signature as s
    on
        d.county_code = s.county_code and d.period = s.period and d.draft_no = s.draft_no
        and s.accepts and s.refused_zh = ''
where e.draft_no is null
group by d.county_code, d.period, d.draft_no, d.drafted_at
order by d.county_code, d.period
