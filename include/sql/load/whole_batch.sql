-- the rows of a batch, those of it too that were put straight into the table.
-- grain: one row a source row. reads: staging.<dataset>, core.<dataset>.
select {columns_staged}
from {staging}
where county_code = %(county_code)s and batch_id = %(batch_id)s
union all
select {columns_staged_of_c}
from {core} as c
where c.county_code = %(county_code)s and c.batch_id = %(batch_id)s
