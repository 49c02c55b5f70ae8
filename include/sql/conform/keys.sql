-- sqlfluff:dialect:duckdb
-- a number for each key, by which rows that may share one are found; the warehouse decides whether they do.
-- grain: one row an item that could be read. reads: typed rows of a chunk.
select
    row_no,
    hash({key}) as key_number
from {conformed}
where is_sound
