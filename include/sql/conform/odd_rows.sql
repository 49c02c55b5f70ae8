-- sqlfluff:dialect:duckdb
-- rows that cannot be read column by column: the parsers of rows look at them, and name every reason.
-- grain: one row an item. reads: rows of a chunk, typed and as they stand.
select
    r.row_no,
    {cells}
from {raw} as r
inner join {conformed} as c on r.row_no = c.row_no
where not c.is_sound
order by r.row_no
