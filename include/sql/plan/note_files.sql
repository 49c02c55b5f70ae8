-- audit.inbox_file: remembers what files hold, and by which traces that is known.
-- grain: one row a file. reads: parameters.
insert into audit.inbox_file as f (
    county_code, place, source, landing_id, sha256, bytes, inode, modified_ns, changed_ns, read_at
)
select
    w.county_code,
    w.place,
    %(source)s as source,
    w.landing_id,
    w.sha256,
    w.bytes,
    w.inode,
    w.modified_ns,
    w.changed_ns,
    w.read_at
from
    unnest(
        %(counties)s::char(6)[], %(places)s::text[], %(landings)s::text[], %(digests)s::text[], %(sizes)s::bigint[],
        %(inodes)s::numeric[], %(modified)s::bigint[], %(changed)s::bigint[], %(read_at)s::timestamptz[]
    ) as w (county_code, place, landing_id, sha256, bytes, inode, modified_ns, changed_ns, read_at)
on conflict (county_code, place) do update set
    source = excluded.source,
    landing_id = excluded.landing_id,
    sha256 = excluded.sha256,
    bytes = excluded.bytes,
    inode = excluded.inode,
    modified_ns = excluded.modified_ns,
    changed_ns = excluded.changed_ns,
    read_at = excluded.read_at
