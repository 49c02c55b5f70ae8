-- sqlfluff:dialect:duckdb
-- rows as they stand, of the numbers given.
-- grain: one row an item. reads: rows of a chunk.
select
    r.row_no,
    {cells}
from {raw} as r
where r.row_no in (select unnest($numbers))
order by r.row_no
