-- touched_county: the counties whose checks may answer differently than last time, with the deliveries they have now.
-- A row that moves no figure (a project without a letter) can still be a finding, so deliveries count, not only months.
-- grain: one row a county. reads: drained, audit.batch, audit.checked_county.
insert into touched_county (county_code, batches)
select
    b.county_code,
    b.batches
from (
    select
        county_code,
        count(*) || ' ' || extract(epoch from max(finished_at)) as batches
    from audit.batch
    where state = 'loaded'
    group by county_code
) as b
left join audit.checked_county as k on b.county_code = k.county_code
where
    %(renewed)s
    or k.batches is distinct from b.batches
    or exists (
        select 1
        from drained as d
        where d.county_code = b.county_code
    )
