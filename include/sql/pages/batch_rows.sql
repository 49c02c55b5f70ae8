-- Rows of a batch that were held back, each with every reason; those that wait first, then in the order of the sheet.
-- A matter that is listed where it was seen last names that batch.
-- grain: one row a row held back. reads: audit.quarantine.
select
    q.row_no,
    min(q.file) as file,
    min(q.sheet) as sheet,
    bool_or(q.state = 'open') as is_open,
    array_agg(q.quarantine_id order by q.quarantine_id) filter (where q.state = 'open') as open_ids,
    jsonb_agg(
        jsonb_build_object(
            'quarantine_id', q.quarantine_id, 'column', q.column_name, 'rule_id', q.rule_id, 'reason', q.reason_zh,
            'state', q.state, 'explanation', q.explanation_zh, 'elsewhere', o.batch_id
        )
        order by q.column_name, q.rule_id, q.quarantine_id
    ) as reasons
from audit.quarantine as q
left join audit.quarantine as o
    on q.state = 'repeated' and q.county_code = o.county_code and q.issue_id = o.issue_id and o.state = 'open'
where
    q.county_code = %(county_code)s
    and q.batch_id = %(batch_id)s
    and (%(row_no)s::bigint is null or q.row_no = %(row_no)s)
group by q.row_no
order by bool_or(q.state = 'open') desc, q.row_no asc
limit
    %(most)s
    offset %(after)s
