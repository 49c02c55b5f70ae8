-- sqlfluff:dialect:duckdb
-- the table that takes the rows of a chunk as they stand.
-- grain: one row an item. reads: nothing.
create table {raw} (
    row_no bigint,
    {cells}
)
