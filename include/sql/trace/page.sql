-- one page of the traced rows, in the order of batches and of rows in them; of a rate the numerator's before the others.
-- grain: one row a counted row. reads: traced.
select
    side_no,
    batch_id,
    row_no,
    measure
from traced
order by side_no, batch_id, row_no, measure
limit %(limit)s offset %(after)s
