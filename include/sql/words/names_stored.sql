-- The names of firms or projects in one column, as stored, and in how many rows.
-- grain: one row a county and name. reads: core.<dataset>.
select
    c.county_code,
    c.{column} as name,
    count(*) as row_count
from {core} as c
where
    c.{column} is not null
    and (%(counties)s::char(6)[] is null or c.county_code = any(%(counties)s::char(6)[]))
group by c.county_code, c.{column}
