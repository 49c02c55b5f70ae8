-- sqlfluff:dialect:duckdb
-- distinct cells of a column that are not taken over as they stand: a parser reads each of them once.
-- grain: one row a distinct cell. reads: rows of a chunk.
select distinct {cell} as cell
from {raw}
where {cell} is not null and not coalesce({is_plain}({cell}), false)
