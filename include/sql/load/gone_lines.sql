-- gone (of this transaction): lines of an order that its newest export no longer has.
-- grain: one row a key. reads: core.<dataset> after the merge, staging.<dataset>.
insert into gone ({gone})
select distinct {gone_of_c}
from {staging} as s
inner join {core} as c on {s_shares_order}
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and (c.version, c.version_tie) < (s.version, coalesce(s.version_tie, s.row_hash))
    and not exists (
        select 1
        from {core} as o
        where {s_is_o} and o.row_hash <> s.row_hash
    )
