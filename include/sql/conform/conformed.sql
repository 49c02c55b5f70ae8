-- sqlfluff:dialect:duckdb
-- typed rows: every business column as the one text it has, and whether the row can be read at all.
-- grain: one row an item. reads: rows of a chunk, and what parsers said of their odd cells.
create or replace table {conformed} as
with told as (
    select
        r.row_no,
        {stated},
        {is_read} as is_read
    from {raw} as r
    {joins}
)

select
    row_no,
    {columns},
    is_read and {is_complete} as is_sound
from told
