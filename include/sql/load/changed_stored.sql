-- changed (of this transaction): what is stored in the rows that the batch is about to replace or to restate.
-- grain: one row a distinct value. reads: core.<dataset>, staging.<dataset>.
insert into changed ({changing})
select distinct {changing_of_c}
from {staging} as s
inner join {core} as c on {s_is_c}
where
    s.county_code = %(county_code)s
    and s.batch_id = %(batch_id)s
    and s.fate is null
    and (({s_changes_c}) or ({s_restates_c}))
