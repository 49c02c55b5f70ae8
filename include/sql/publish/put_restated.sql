-- publish.restated: one value that a release says otherwise. grain: one row a figure. reads: nothing.
insert into publish.restated (
    county_code, release_id, period_kind, period, indicator_id, breakdown, restates,
    old_value, old_qualifier, new_value, new_qualifier, unit, reason, batches
)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
