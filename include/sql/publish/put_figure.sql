-- publish.figure: one value of a release. grain: one row a kind of period, indicator and township. reads: nothing.
insert into publish.figure (
    county_code, release_id, period_kind, period, indicator_id, breakdown, value, unit, qualifier, as_of, batches
)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
