-- core.<dataset>: the rows whose fate is to be loaded; no other row is touched.
-- grain: one row a key. reads: staging.<dataset>.
insert into {core} ({columns})
select {columns_of_s}
from {staging} as s
where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s and s.fate = 'loaded'
on conflict ({key}) do update set {assignments}
