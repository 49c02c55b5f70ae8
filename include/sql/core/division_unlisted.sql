-- core.division: marks divisions that the county's file no longer lists; facts may refer to them, so they stay.
-- grain: one row a county and division. reads: parameters.
update core.division as d
set is_listed = false
where
    d.county_code = %(county_code)s
    and d.is_listed
    and not d.division_code = any(%(listed)s)
