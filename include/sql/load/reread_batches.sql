-- The batches that a landing was loaded as; those of a file are named for its sheets.
-- grain: one row a batch. reads: audit.batch, audit.landing.
select
    b.batch_id,
    b.dataset,
    b.feed,
    b.state,
    b.covers_to,
    b.rows_withdrawn,
    b.warnings_zh
from audit.batch as b
inner join audit.landing as l
    on b.county_code = l.county_code and b.sha256 = l.sha256 and (b.uri = l.uri or starts_with(b.uri, l.uri || '#'))
where l.county_code = %(county_code)s and l.landing_id = %(landing_id)s
order by b.dataset, b.batch_id
