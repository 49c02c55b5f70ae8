-- changed (of this transaction): the stored rows that the batch is about to change.
-- grain: one row a changed row. reads: core.<dataset>, staging.<dataset>.
insert into changed ({columns})
select {columns_of_c}
from {core} as c
inner join {staging} as s on {s_is_c}
where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s and s.fate = 'loaded'
