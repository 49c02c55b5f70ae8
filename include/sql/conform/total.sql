-- sqlfluff:dialect:duckdb
-- the sum of the amounts that were read column by column, and how many such rows state none.
-- grain: one row. reads: typed rows of a chunk.
select
    coalesce(sum({amount}::decimal(18, 2)), 0)::decimal(38, 2) as amount_yuan,
    count(*) filter (where {amount} is null) as rows_without
from {conformed}
where is_sound
