-- matters that batches show or may answer: seen in them, at the same place, or in snapshots of the same units.
-- Without batches: every matter of the dataset. What is answered stays so unless it is seen again.
-- grain: one row. reads: audit.quarantine, audit.batch.
with affected as (
    select q.issue_id
    from audit.quarantine as q
    where q.county_code = %(county_code)s and q.batch_id = any(%(batches)s::text[])
    union
    select q.issue_id
    from audit.batch as b
    inner join audit.quarantine as q on b.county_code = q.county_code and b.batch_id = q.batch_id
    where
        b.county_code = %(county_code)s
        and b.dataset = %(dataset)s
        and (
            %(all)s
            or (
                q.state <> 'corrected'
                and split_part(b.uri, '?on=', 1) in (
                    select split_part(o.uri, '?on=', 1)
                    from audit.batch as o
                    where o.county_code = %(county_code)s and o.batch_id = any(%(batches)s::text[])
                )
            )
        )
    union
    select q.issue_id
    from audit.quarantine as q
    inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
    where
        q.county_code = %(county_code)s
        and q.state <> 'corrected'
        and q.reporting_unit = any(%(units)s::text[])
        and b.dataset = %(dataset)s
)

select array_agg(a.issue_id) as issues
from affected as a
