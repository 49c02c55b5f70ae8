-- Digests of landed bytes that are still wanted by some landing.
-- grain: one row a digest. reads: audit.landing.
select distinct sha256
from audit.landing
where bytes_purged_at is null
