-- audit.reconciliation: drops what a check said of periods that it no longer speaks of.
-- grain: one row a county and period. reads: touched_county, found.
delete from audit.reconciliation as r
using touched_county as c
where
    r.county_code = c.county_code
    and r.check_id = %(check_id)s
    and not exists (
        select 1
        from found as f
        where f.county_code = r.county_code and f.period = r.period
    )
