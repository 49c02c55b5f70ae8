-- What is on record of the inbox's files, and whether the content read there is loaded.
-- grain: one row a file. reads: audit.inbox_file, audit.landing.
select
    f.county_code,
    f.place,
    f.sha256,
    f.bytes,
    f.inode,
    f.modified_ns,
    f.changed_ns,
    f.read_at,
    coalesce(l.state = 'done', false) as is_loaded
from audit.inbox_file as f
left join audit.landing as l on f.county_code = l.county_code and f.landing_id = l.landing_id
where f.source = %(source)s and f.county_code = any(%(counties)s::char(6)[])
