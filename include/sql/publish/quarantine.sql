-- open quarantine lines, of one county or of all, in the order of the files, each with all places it was seen at.
-- grain: one row a reason. reads: audit.quarantine.
with seen as (
    select
        s.county_code,
        s.issue_id,
        jsonb_agg(
            jsonb_build_object('file', s.file, 'sheet', s.sheet, 'row_no', s.row_no, 'batch_id', s.batch_id)
            order by s.file, s.sheet, s.row_no, s.batch_id
        ) as places
    from audit.quarantine as s
    where s.state in ('open', 'repeated') and (%(county_code)s::text is null or s.county_code = %(county_code)s)
    group by s.county_code, s.issue_id
)

select to_jsonb(q) || jsonb_build_object('places', s.places)
from audit.quarantine as q
inner join seen as s on q.county_code = s.county_code and q.issue_id = s.issue_id
where q.state = 'open'
order by q.county_code, q.file, q.sheet, q.row_no, q.column_name, q.rule_id
