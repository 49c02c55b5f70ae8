-- sqlfluff:dialect:duckdb
-- distinct texts of a column that are not taken over as they stand. Texts repeat, so each is looked at once.
-- grain: one row a distinct cell. reads: rows of a chunk.
select t.cell
from (
    select distinct {cell} as cell
    from {raw}
    where {cell} is not null
) as t
where not coalesce({is_plain}(t.cell), false)
