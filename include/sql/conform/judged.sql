-- sqlfluff:dialect:duckdb
-- what row rules see of typed rows.
-- grain: one row an item that could be read. reads: typed rows of a chunk.
select
    row_no,
    {judged}
from {conformed}
where is_sound
