-- publish.adjustment: one value of a closed period that late data changed. grain: one row a figure and change.
-- reads: nothing.
insert into publish.adjustment (
    county_code, release_id, period_kind, period, indicator_id, breakdown, adjustment_no,
    old_value, old_qualifier, new_value, new_qualifier, unit, batches, noticed_at
)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
