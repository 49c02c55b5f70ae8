-- core.<dataset>: the staged rows whose keys are not stored; none is looked up where none is stored.
-- No other delivery of the county's dataset is loaded meanwhile, so a key that is stored after all is a fault, and
-- fails.
-- grain: one row a key. reads: staging.<dataset>.
insert into {core} ({columns})
select {columns_of_s}
from {staging} as s
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and (
        %(is_all_new)s
        or not exists (
            select 1
            from {core} as c
            where {s_is_c}
        )
    )
