-- sqlfluff:dialect:duckdb
-- rows as they stand in landed pages, numbered through all of them: an item's number is its row number.
-- grain: one row an item. reads: pages (lines of a landing as bytes, given by the caller).
insert into {raw}
select
    $before + row_number() over () as row_no,
    {cells}
from (
    select unnest(json_transform(decode(line), $shape).rows) as item
    from pages
) as r
