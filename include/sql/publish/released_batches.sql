-- batches that a release's figure counts. grain: one row. reads: publish.figure.
select f.batches
from publish.figure as f
where
    f.county_code = %(county_code)s
    and f.release_id = %(release_id)s
    and f.period_kind = %(period_kind)s
    and f.period = %(period)s
    and f.indicator_id = %(indicator_id)s
    and f.breakdown = ''
