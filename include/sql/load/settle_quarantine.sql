-- audit.quarantine: where some matters stand (docs/decisions/0041).
-- A matter is a row, as typed, and a rule. It is answered when a place it was seen at was followed by a delivery
-- without it, newer than every place it was seen at: the same file, the same table, or the next snapshot of its unit and
-- year; or when a returned workbook answers it at the newest of them (docs/decisions/0044), which answers nothing else by
-- its own place. A form that was handed out prefilled lists what is stored and never a row that waits: it answers none,
-- and the matter stays until a ledger of the unit's own comes (docs/decisions/0045). What is not answered is open in one line, at the newest place it was seen at, and repeated in the others.
-- Everything follows from what is on record, so that deliveries may come in any order.
-- grain: one row a reason and place. reads: audit.answer, audit.batch, audit.snapshot_scope, the same
-- table.
with seen as (
    select
        q.issue_id,
        q.quarantine_id,
        q.row_no,
        q.reporting_unit,
        q.scope_year,
        b.uri,
        split_part(b.uri, '?on=', 1) as place,
        case
            when starts_with(b.uri, 'database:') then b.covers_to::timestamp at time zone 'Asia/Shanghai'
            else coalesce(b.version, '-infinity')
        end as stated_at,
        case when starts_with(b.uri, 'inbox:') then b.sha256 else '' end as tie,
        exists(
            select 1
            from audit.answer as a
            where a.county_code = q.county_code and a.answered_batch_id = q.batch_id and a.row_no = q.row_no
        ) as is_answered,
        max(q.explanation_zh) over (partition by q.issue_id) as explanation_zh
    from audit.quarantine as q
    inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
    where
        q.county_code = %(county_code)s
        and b.county_code = %(county_code)s
        and q.issue_id = any(%(issues)s::text[])
),

latest as (
    select distinct on (split_part(b.uri, '?on=', 1))
        split_part(b.uri, '?on=', 1) as place,
        case
            when starts_with(b.uri, 'database:') then b.covers_to::timestamp at time zone 'Asia/Shanghai'
            else coalesce(b.version, '-infinity')
        end as stated_at,
        case when starts_with(b.uri, 'inbox:') then b.sha256 else '' end as tie
    from audit.batch as b
    where
        b.county_code = %(county_code)s
        and b.dataset = %(dataset)s
        and b.state = 'loaded'
        and not exists (
            select 1
            from audit.answer as a
            where a.county_code = b.county_code and a.batch_id = b.batch_id
        )
    order by place, stated_at desc, tie desc
),

-- The newest ledger of its own that each unit stated in the span of a snapshot, where a form is current: the form says
-- nothing of rows that wait.
told_itself as (
    select
        c.reporting_unit,
        c.scope_year,
        max(b.version) filter (where not b.shape ? 'form') as version
    from audit.snapshot_scope as c
    inner join audit.batch as b
        on c.county_code = b.county_code and c.dataset = b.dataset and c.reporting_unit = b.reporting_unit
    where
        c.county_code = %(county_code)s
        and c.dataset = %(dataset)s
        and b.state = 'loaded'
        and b.version <= c.version
        and c.scope_year in (0, extract(year from b.covers_to))
    group by c.reporting_unit, c.scope_year
    having bool_or(b.version = c.version and b.shape ? 'form')
),

ranked as (
    select
        s.issue_id,
        s.quarantine_id,
        s.reporting_unit,
        s.scope_year,
        s.place,
        s.explanation_zh,
        s.is_answered,
        s.stated_at,
        s.tie,
        first_value(s.quarantine_id) over newest_first as newest_id,
        first_value(s.stated_at) over newest_first as newest_at,
        first_value(s.tie) over newest_first as newest_tie
    from seen as s
    window newest_first as (
        partition by s.issue_id
        order by s.stated_at desc, s.tie desc, s.uri, s.row_no, s.quarantine_id
    )
),

settled as (
    select
        r.quarantine_id,
        r.explanation_zh,
        case
            when
                bool_or(
                    coalesce((l.stated_at, l.tie) > (r.newest_at, r.newest_tie), false)
                    or coalesce(case when f.scope_year is null then c.version else f.version end > r.newest_at, false)
                    or (r.is_answered and (r.stated_at, r.tie) >= (r.newest_at, r.newest_tie))
                ) over (partition by r.issue_id)
                then 'corrected'
            when r.quarantine_id <> r.newest_id then 'repeated'
            when r.explanation_zh <> '' then 'explained'
            else 'open'
        end as state
    from ranked as r
    left join latest as l on r.place = l.place
    left join audit.snapshot_scope as c
        on
            c.county_code = %(county_code)s
            and c.dataset = %(dataset)s
            and r.reporting_unit = c.reporting_unit
            and r.scope_year = c.scope_year
    left join told_itself as f on r.reporting_unit = f.reporting_unit and r.scope_year = f.scope_year
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
