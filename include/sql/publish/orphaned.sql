-- What speaks of a release that is not on record: figures, documents, and decisions that approved a draft.
-- grain: one row a release that is missing. reads: publish.figure, publish.document, publish.decision, publish.release.
select m.release_id
from (
    select
        f.county_code,
        f.release_id
    from publish.figure as f
    left join publish.release as r on f.county_code = r.county_code and f.release_id = r.release_id
    where r.release_id is null
    union
    select
        d.county_code,
        d.release_id
    from publish.document as d
    left join publish.release as r on d.county_code = r.county_code and d.release_id = r.release_id
    where r.release_id is null
    union
    select
        e.county_code,
        e.county_code || '-' || e.period || '-d' || e.draft_no::text as release_id
    from publish.decision as e
    left join publish.release as r
        on e.county_code = r.county_code and e.period = r.period and e.draft_no = r.draft_no
    where e.decision = 'approved' and (r.release_id is null or r.approved_by <> e.decided_by)
) as m
where %(county_code)s::text is null or m.county_code = %(county_code)s
order by m.release_id
