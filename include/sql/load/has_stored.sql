-- whether anything of the county is stored that rows could meet.
-- grain: one row. reads: core.<dataset>.
select
    exists(
        select 1
        from {core} as c
        where c.county_code = %(county_code)s
    ) as has_stored
