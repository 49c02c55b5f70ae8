-- a stored row of a delivery as analysts see it: nothing in it leads to a person.
-- grain: one row, none where the row is not stored. reads: mart.<dataset>.
select {columns}
from {view} as f
where f.county_code = {county_code} and f.batch_id = {batch_id} and f.row_no = {row_no}
limit 1
