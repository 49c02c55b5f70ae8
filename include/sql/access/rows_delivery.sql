-- policy: rows of the one reporting unit of the account that logged in; what names no unit belongs to that of its batch.
-- grain: one policy. reads: audit.access, audit.batch.
create policy rows_delivery on {table} for select to {roles} using (
    (county_code, reporting_unit) in (
        select
            o.county_code,
            o.unit
        from audit.own_units() as o
    )
    or (
        reporting_unit is null
        and (county_code, batch_id) in (
            select
                b.county_code,
                b.batch_id
            from audit.batch as b
            inner join audit.own_units() as o on b.county_code = o.county_code and b.reporting_unit = o.unit
        )
    )
)
