-- Landings of a county whose batches of some datasets are loaded and whose bytes are there to be read again: all of
-- them, or those that hold rows waiting for a word.
-- grain: one row a landing. reads: audit.landing, audit.batch, audit.quarantine.
select to_jsonb(l) as landing
from audit.landing as l
where
    l.county_code = %(county_code)s
    and l.state = 'done'
    and l.bytes_purged_at is null
    and exists (
        select 1
        from audit.batch as b
        where
            b.county_code = l.county_code
            and b.sha256 = l.sha256
            and (b.uri = l.uri or starts_with(b.uri, l.uri || '#'))
            and b.dataset = any(%(datasets)s::text[])
            and (
                %(all)s
                or exists (
                    select 1
                    from audit.quarantine as q
                    where
                        q.county_code = b.county_code
                        and q.batch_id = b.batch_id
                        and q.rule_id = any(%(rules)s::text[])
                        and q.state in ('open', 'explained', 'repeated')
                )
            )
    )
order by l.uri, l.sha256
