-- sqlfluff:dialect:duckdb
-- rows in which rules see the same value as in one of the rows of the numbers given.
-- grain: one row an item. reads: typed rows of a chunk.
with seen as (
    select
        row_no,
        {judged}
    from {conformed}
    where is_sound
)

select a.row_no
from seen as a
where exists (
    select 1
    from seen as s
    where s.row_no in (select unnest($numbers)) and a.{column} is not distinct from s.{column}
)
order by a.row_no
