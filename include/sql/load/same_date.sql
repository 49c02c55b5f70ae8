-- How many rows of a batch say something else than a stored row of the same key, date and kind of file from a file
-- of another place: nothing tells which of the two holds.
-- grain: one row. reads: staging.<dataset>, core.<dataset>, audit.batch.
select
    count(*) as row_count,
    regexp_replace(max(b.uri), '^.*/', '') as file
from {staging} as s
inner join {core} as c on {s_is_c}
inner join audit.batch as b on c.county_code = b.county_code and c.batch_id = b.batch_id
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and c.feed = %(feed)s
    and c.version = s.version
    and c.version_tie <> s.version_tie
    and c.row_hash <> s.row_hash
    and b.uri <> %(place_uri)s
    and not starts_with(b.uri, %(place_uri)s || '#')
