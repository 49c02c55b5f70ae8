-- sqlfluff:dialect:duckdb
-- days that the rows of the numbers given count on.
-- grain: one row an item that has a day. reads: typed rows of a chunk.
select
    row_no,
    {day} as day
from {conformed}
where row_no in (select unnest($numbers)) and {day} is not null
