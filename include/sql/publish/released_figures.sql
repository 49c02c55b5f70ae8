-- figures of a release. grain: one row a kind of period, indicator and township. reads: publish.figure.
select
    f.period_kind,
    f.period,
    f.indicator_id,
    f.breakdown,
    f.value,
    f.unit,
    f.qualifier,
    f.as_of
from publish.figure as f
where f.county_code = %(county_code)s and f.release_id = %(release_id)s
