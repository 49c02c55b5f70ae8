-- what a release says of the whole county and of townships.
-- grain: one row a kind of period, indicator and township. reads: publish.figure.
select
    f.period_kind,
    f.indicator_id,
    f.breakdown,
    f.value,
    f.unit,
    f.qualifier
from publish.figure as f
where f.county_code = %(county_code)s and f.release_id = %(release_id)s
