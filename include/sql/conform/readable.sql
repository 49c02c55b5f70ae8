-- sqlfluff:dialect:duckdb
-- rows that were read as rows after all take their place among the typed ones.
-- grain: one row an item. reads: given (rows as read, from the caller).
update {conformed}
set
    is_sound = true,
    {given}
from given as g
where {conformed}.row_no = g.row_no::bigint
