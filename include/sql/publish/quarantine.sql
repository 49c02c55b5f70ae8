-- open quarantine lines, of one county or of all, in the order of the files.
-- grain: one row a reason. reads: audit.quarantine.
select to_jsonb(q)
from audit.quarantine as q
where q.state = 'open' and (%(county_code)s::text is null or q.county_code = %(county_code)s)
order by q.county_code, q.file, q.sheet, q.row_no, q.column_name, q.rule_id
