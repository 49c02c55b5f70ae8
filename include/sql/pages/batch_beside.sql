-- What belongs to a batch: other sheets of its file, deliveries it answers as a returned workbook, and returned workbooks
-- that answer it.
-- grain: one row a batch and kind. reads: audit.batch, audit.landing, audit.answer.
with own as (
    select
        b.county_code,
        b.batch_id,
        b.sha256,
        r.uri
    from audit.batch as b
    inner join audit.landing as r
        on
            b.county_code = r.county_code
            and b.sha256 = r.sha256
            and (b.uri = r.uri or starts_with(b.uri, r.uri || '#'))
    where b.county_code = %(county_code)s and b.batch_id = %(batch_id)s
),

beside as (
    select
        'sheet' as kind,
        s.county_code,
        s.batch_id
    from own as o
    inner join audit.batch as s
        on
            o.county_code = s.county_code
            and o.sha256 = s.sha256
            and (o.uri = s.uri or starts_with(s.uri, o.uri || '#'))
    where s.batch_id <> o.batch_id
    union
    select
        'answers' as kind,
        a.county_code,
        a.root_batch_id as batch_id
    from audit.answer as a
    where a.county_code = %(county_code)s and a.batch_id = %(batch_id)s
    union
    select
        'answered' as kind,
        a.county_code,
        a.batch_id
    from audit.answer as a
    where a.county_code = %(county_code)s and a.root_batch_id = %(batch_id)s
)

select
    n.kind,
    b.batch_id,
    b.dataset,
    b.state,
    b.uri,
    b.started_at
from beside as n
inner join audit.batch as b on n.county_code = b.county_code and n.batch_id = b.batch_id
order by n.kind, b.started_at, b.uri, b.batch_id
limit 100
