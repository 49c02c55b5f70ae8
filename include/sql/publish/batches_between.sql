-- batches that a figure of a release counts and the same figure of an earlier one does not.
-- grain: one row. reads: publish.figure.
select array_agg(b.batch_id order by b.batch_id) as batches
from publish.figure as f
inner join publish.figure as e
    on
        f.county_code = e.county_code
        and f.period_kind = e.period_kind
        and f.period = e.period
        and f.indicator_id = e.indicator_id
        and f.breakdown = e.breakdown
cross join lateral unnest(f.batches) as b (batch_id)
where
    f.county_code = %(county_code)s
    and f.release_id = %(release_id)s
    and e.release_id = %(before_id)s
    and f.period_kind = %(period_kind)s
    and f.period = %(period)s
    and f.indicator_id = %(indicator_id)s
    and f.breakdown = ''
    and b.batch_id <> all(e.batches)
