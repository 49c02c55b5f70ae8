-- audit.quarantine: where each matter stands that a delivery shows or may answer (docs/decisions/0041).
-- A matter is a row, as typed, and a rule. It is answered when its newest place, or any other it was seen at, was
-- followed by a newer delivery without it: the same file, the same table, or the next snapshot of its unit and year.
-- What is not answered is open in one line, at the newest place it was seen at, and repeated in the others.
-- Everything follows from what is on record, so that deliveries may come in any order.
-- grain: one row a reason and place. reads: audit.batch, audit.snapshot_scope, the same table.
with place as (
    select
        b.batch_id,
        b.state,
        split_part(b.uri, '?on=', 1) as place,
        case
            when starts_with(b.uri, 'database:') then b.covers_to::timestamp at time zone 'Asia/Shanghai'
            else coalesce(b.version, '-infinity')
        end as stated_at,
        case when starts_with(b.uri, 'inbox:') then b.sha256 else '' end as tie,
        b.uri
    from audit.batch as b
    where b.county_code = %(county_code)s and b.dataset = %(dataset)s
),

affected as (
    select q.issue_id
    from audit.quarantine as q
    where q.county_code = %(county_code)s and q.batch_id = any(%(batches)s::text[])
    union
    select q.issue_id
    from audit.quarantine as q
    inner join place as p on q.batch_id = p.batch_id
    where
        q.county_code = %(county_code)s
        and (
            %(all)s
            or (
                q.state <> 'corrected'
                and p.place in (
                    select o.place
                    from place as o
                    where o.batch_id = any(%(batches)s::text[])
                )
            )
        )
    union
    select q.issue_id
    from audit.quarantine as q
    inner join place as p on q.batch_id = p.batch_id
    where
        q.county_code = %(county_code)s
        and q.state <> 'corrected'
        and q.reporting_unit = any(%(units)s::text[])
),

seen as (
    select
        q.issue_id,
        q.quarantine_id,
        q.row_no,
        q.reporting_unit,
        q.scope_year,
        q.explanation_zh,
        p.place,
        p.uri,
        p.stated_at,
        p.tie
    from affected as a
    inner join audit.quarantine as q on a.issue_id = q.issue_id
    inner join place as p on q.batch_id = p.batch_id
    where q.county_code = %(county_code)s
),

newest as (
    select distinct on (s.issue_id)
        s.issue_id,
        s.quarantine_id,
        s.stated_at,
        s.tie
    from seen as s
    order by s.issue_id, s.stated_at desc, s.tie desc, s.uri, s.row_no, s.quarantine_id
),

latest as (
    select distinct on (p.place)
        p.place,
        p.stated_at,
        p.tie
    from place as p
    where
        p.state = 'loaded'
        and p.place in (
            select s.place
            from seen as s
        )
    order by p.place, p.stated_at desc, p.tie desc
),

answered as (
    select distinct s.issue_id
    from seen as s
    inner join newest as n on s.issue_id = n.issue_id
    left join latest as l on s.place = l.place
    left join audit.snapshot_scope as c
        on
            c.county_code = %(county_code)s
            and c.dataset = %(dataset)s
            and s.reporting_unit = c.reporting_unit
            and s.scope_year = c.scope_year
    where (l.stated_at, l.tie) > (n.stated_at, n.tie) or c.version > n.stated_at
),

explained as (
    select
        s.issue_id,
        max(s.explanation_zh) as explanation_zh
    from seen as s
    group by s.issue_id
),

settled as (
    select
        s.quarantine_id,
        e.explanation_zh,
        case
            when w.issue_id is not null then 'corrected'
            when s.quarantine_id <> n.quarantine_id then 'repeated'
            when e.explanation_zh <> '' then 'explained'
            else 'open'
        end as state
    from seen as s
    inner join newest as n on s.issue_id = n.issue_id
    inner join explained as e on s.issue_id = e.issue_id
    left join answered as w on s.issue_id = w.issue_id
)

update audit.quarantine as q
set
    state = t.state,
    explanation_zh = t.explanation_zh,
    answered_on = case when q.state = t.state then q.answered_on end
from settled as t
where
    q.county_code = %(county_code)s
    and q.quarantine_id = t.quarantine_id
    and (q.state, q.explanation_zh) is distinct from (t.state, t.explanation_zh)
