-- The deliveries that stored rows of a person come from: their original files still name the person.
-- grain: one row a county and delivery. reads: core.<dataset>, audit.batch.
select distinct b.uri
from {core} as c
inner join audit.batch as b on c.county_code = b.county_code and c.batch_id = b.batch_id
where c.person_key = %(person_key)s
