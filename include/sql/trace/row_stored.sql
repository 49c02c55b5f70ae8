-- a row of a delivery as it is stored: the day it counts by.
-- grain: one row, none where the row is not stored. reads: core.<dataset>.
select {day_of_s} as day
from {fact} as s
where s.county_code = {of_county} and s.batch_id = {of_batch} and s.row_no = {row_no}
