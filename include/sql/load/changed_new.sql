-- changed (of this transaction): the rows that the batch brings.
-- grain: one row a changed row. reads: staging.<dataset>.
insert into changed ({columns})
select {columns_of_s}
from {staging} as s
where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s and s.fate = 'loaded'
