-- core.<dataset>: drops the lines of an order that its newest export no longer has.
-- grain: one row a key. reads: staging.<dataset>; what is dropped goes to changed.
with gone as (
    delete from {core} as c
    using {staging} as s
    where
        s.county_code = %(county_code)s
        and s.batch_id = %(batch_id)s
        and s.fate in ('loaded', 'unchanged')
        and {s_shares_order}
        and (c.version, c.version_tie) < (s.version, s.version_tie)
    returning {columns_of_c}
)

insert into changed ({columns})
select distinct {columns} from gone
