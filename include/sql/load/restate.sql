-- core.<dataset>: a newer delivery states the same row again; it becomes the row's evidence.
-- Without this, arrival order could decide which version of a row is current (docs/decisions/0003).
-- Such a row counts as changed: of two spells of one day the later stated one is counted (docs/counting.md).
-- grain: one row a key. reads: staging.<dataset>.
update {core} as c
set
    version = s.version,
    version_tie = coalesce(s.version_tie, s.row_hash),
    feed = %(feed)s,
    feed_rank = %(feed_rank)s,
    batch_id = s.batch_id,
    row_no = s.row_no
from {staging} as s
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and {s_is_c}
    and {s_restates_c}
