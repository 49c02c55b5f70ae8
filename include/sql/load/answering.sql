-- Returned workbooks that answer a file of some content and of which nothing is loaded: they came before it, or it was
-- taken back meanwhile.
-- grain: one row a landing. reads: audit.landing, audit.batch.
select to_jsonb(l) as landing
from audit.landing as l
where
    l.county_code = %(county_code)s
    and l.details ? 'answers'
    and l.details ->> 'answers' = %(sha256)s
    and l.kind = 'file'
    and l.state = 'done'
    and l.standing <> 'retracted'
    and l.bytes_purged_at is null
    and not exists (
        select 1
        from audit.batch as b
        where
            b.county_code = l.county_code
            and b.sha256 = l.sha256
            and (b.uri = l.uri or starts_with(b.uri, l.uri || '#'))
            and b.state = 'loaded'
    )
order by l.landed_at, l.uri, l.sha256
