-- sqlfluff:dialect:duckdb
-- distinct texts of a column that are not taken over as they stand. Texts repeat, so each is looked at once: an
-- aggregate in the condition keeps the planner from looking at every row.
-- grain: one row a distinct cell. reads: rows of a chunk.
select {cell} as cell
from {raw}
where {cell} is not null
group by {cell}
having not coalesce({is_plain}(any_value({cell})), false)
