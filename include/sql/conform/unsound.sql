-- sqlfluff:dialect:duckdb
-- rows that have to be read as rows, whatever their cells look like.
-- grain: one row an item. reads: typed rows of a chunk.
update {conformed}
set is_sound = false
where row_no in (select unnest($numbers))
