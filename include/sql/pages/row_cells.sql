-- a stored row of a delivery as analysts see it: nothing in it leads to a person.
-- grain: one row, none where the row is not stored. reads: mart.<dataset>.
select {columns}
from {view} as f
where f.county_code = {of_county} and f.batch_id = {of_batch} and f.row_no = {row_no}
