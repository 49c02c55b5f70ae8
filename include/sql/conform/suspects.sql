-- sqlfluff:dialect:duckdb
-- rows one of whose cells looks as a list, an object or a truth value does when it is written as text.
-- grain: one row an item. reads: rows of a chunk.
select row_no
from {raw}
where {is_suspect}
