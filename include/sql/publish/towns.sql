-- townships of one county, in the order of their codes; one the county's file no longer lists only where the
-- year still has figures of it.
-- grain: one row a township or street. reads: core.division, mart.indicator_value.
select
    d.division_code,
    d.division_name
from core.division as d
where
    d.county_code = %(county_code)s
    and d.parent_code = %(county_code)s
    and length(d.division_code) = 9
    and (
        d.is_listed
        or exists (
            select 1
            from mart.indicator_value as v
            where
                v.county_code = d.county_code
                and left(v.period, 4) = %(year)s
                and v.breakdown = d.division_code
        )
    )
order by d.division_code
