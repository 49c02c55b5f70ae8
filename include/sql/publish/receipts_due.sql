-- Files whose receipt, or what their station was told, is not what is so now, of each place the newest; and older ones of
-- which a return workbook still lies in the out-folder. The digest is of all that a receipt says of the file itself.
-- grain: one row a landing. reads: audit.landing, audit.batch, audit.quarantine, audit.answer.
with arrived as (
    select
        l.county_code,
        l.landing_id,
        l.uri,
        l.sha256,
        l.details,
        l.landed_at,
        l.standing_no,
        l.landed_at >= %(since)s as is_recent
    from audit.landing as l
    where
        l.kind = 'file'
        and l.state = 'done'
        and (%(county_code)s::text is null or l.county_code = %(county_code)s)
        and (l.landed_at >= %(since)s or l.details -> 'receipt' ->> 'returned' = 'true')
        and not exists (
            select 1
            from audit.landing as n
            where
                n.county_code = l.county_code
                and n.uri = l.uri
                and n.state = 'done'
                and (n.landed_at, n.landing_id) > (l.landed_at, l.landing_id)
        )
),

delivered as (
    select
        a.county_code,
        a.landing_id,
        b.batch_id,
        b.state,
        b.refusal_zh,
        b.rows_read,
        b.rows_loaded,
        b.rows_unchanged,
        b.rows_superseded,
        b.rows_duplicate,
        b.rows_quarantined,
        b.rows_ignored,
        b.rows_withdrawn,
        b.warnings_zh
    from arrived as a
    inner join audit.batch as b
        on
            a.county_code = b.county_code
            and a.sha256 = b.sha256
            and (a.uri = b.uri or starts_with(b.uri, a.uri || '#'))
),

waiting as (
    select
        d.county_code,
        d.landing_id,
        q.batch_id,
        q.row_no
    from delivered as d
    inner join audit.quarantine as q on d.county_code = q.county_code and d.batch_id = q.batch_id
    where q.state = 'open'
    union
    select
        d.county_code,
        d.landing_id,
        q.batch_id,
        q.row_no
    from delivered as d
    inner join audit.answer as s on d.county_code = s.county_code and d.batch_id = s.root_batch_id
    inner join audit.quarantine as q
        on s.county_code = q.county_code and s.batch_id = q.batch_id and s.row_no = q.row_no
    where q.state = 'open'
),

counted as (
    select
        county_code,
        landing_id,
        count(*) as rows_waiting
    from waiting
    group by county_code, landing_id
),

became as (
    select
        d.county_code,
        d.landing_id,
        jsonb_agg(to_jsonb(d) order by d.batch_id) as batches
    from delivered as d
    group by d.county_code, d.landing_id
),

told as (
    select
        a.county_code,
        a.landing_id,
        a.details,
        a.landed_at,
        a.is_recent,
        coalesce(w.rows_waiting, 0) as rows_waiting,
        md5(jsonb_build_array(a.standing_no, coalesce(w.rows_waiting, 0), b.batches)::text) as digest
    from arrived as a
    left join became as b on a.county_code = b.county_code and a.landing_id = b.landing_id
    left join counted as w on a.county_code = w.county_code and a.landing_id = w.landing_id
)

select
    t.county_code,
    t.landing_id,
    t.digest,
    t.rows_waiting,
    t.is_recent,
    coalesce(t.details -> 'receipt' ->> 'digest', '') <> t.digest or %(again)s as is_changed,
    (t.details -> 'receipt' ->> 'returned') = 'true' as is_returned,
    coalesce(t.details -> 'receipt' ->> 'told', '') <> t.digest as is_news
from told as t
where
    not t.is_recent
    or %(again)s
    or coalesce(t.details -> 'receipt' ->> 'digest', '') <> t.digest
    or coalesce(t.details -> 'receipt' ->> 'told', '') <> t.digest
order by t.county_code, t.landed_at, t.landing_id
