-- one page of the traced rows, in the order of batches and of rows in them.
-- grain: one row a counted row. reads: traced.
select
    batch_id,
    row_no,
    measure
from traced
order by batch_id, row_no, measure
limit %(limit)s offset %(after)s
