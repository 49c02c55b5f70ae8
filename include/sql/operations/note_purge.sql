-- audit.purge: what was removed for good, in numbers.
-- grain: one row a county and kind. reads: parameters.
insert into audit.purge (county_code, kind, items, bytes, kept_from, reason_zh, purged_at)
values (
    %(county_code)s, %(kind)s, %(items)s, %(bytes)s, %(kept_from)s, %(reason_zh)s, %(now)s
)
