-- sqlfluff:dialect:duckdb
-- amounts of the rows of the numbers given.
-- grain: one row an item that has an amount. reads: typed rows of a chunk.
select
    row_no,
    {amount}::decimal(18, 2) as amount_yuan
from {conformed}
where row_no in (select unnest($numbers)) and {amount} is not null
