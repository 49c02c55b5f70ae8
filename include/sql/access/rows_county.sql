-- policy: rows of the counties for which the account that logged in was given access.
-- grain: one policy. reads: audit.access.
create policy rows_county on {table} for select to {roles} using (
    county_code = any(array(select o.county_code from audit.own_counties() as o (county_code)))
)
