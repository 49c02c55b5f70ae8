-- a row of a delivery as it is stored: the day it counts by.
-- grain: one row, none where the row is not stored. reads: core.<dataset>.
select {day} as day
from {fact} as f
where f.county_code = {county_code} and f.batch_id = {batch_id} and f.row_no = {row_no}
limit 1
