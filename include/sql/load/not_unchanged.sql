-- How many rows of a batch that are said to be unchanged say something else than the stored row of their key, where that
-- came in a file of another place, and the numbers of the first of them.
-- grain: one row. reads: staging.<dataset>, core.<dataset>, audit.batch.
select
    count(*) as row_count,
    (array_agg(s.row_no order by s.row_no))[1:10] as row_numbers
from {staging} as s
inner join {core} as c on {s_is_c}
inner join audit.batch as b on c.county_code = b.county_code and c.batch_id = b.batch_id
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and s.row_no = any(%(unchanged)s::bigint[])
    and c.row_hash <> s.row_hash
    and b.uri <> %(place_uri)s
    and not starts_with(b.uri, %(place_uri)s || '#')
