-- policy: rows of the one reporting unit for which the account that logged in was given access.
-- grain: one policy. reads: audit.access.
create policy rows_unit on {table} for select to {roles} using (
    (county_code, reporting_unit) in (
        select
            o.county_code,
            o.unit
        from audit.own_units() as o
    )
)
