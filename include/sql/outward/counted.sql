-- townships' counts of people and households in a release of a year.
-- grain: one row an indicator and township. reads: publish.figure.
select
    f.indicator_id,
    f.breakdown,
    f.value
from publish.figure as f
where
    f.county_code = %(county_code)s
    and f.release_id = %(release_id)s
    and f.period_kind = 'year'
    and f.unit = any(%(units)s::text[])
order by f.indicator_id, f.breakdown
