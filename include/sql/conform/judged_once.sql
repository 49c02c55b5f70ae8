-- sqlfluff:dialect:duckdb
-- what row rules see of one column: each value once, under the number of the first row that has it.
-- grain: one row a value. reads: typed rows of a chunk.
select
    min(row_no) as row_no,
    {judged}
from {conformed}
where is_sound
group by all
