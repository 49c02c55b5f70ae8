-- core.division: divisions that rows name and the table does not have yet: the county's file is newer than the
-- last migration. They stand under their code until the next one brings their names; nothing waits for it.
-- grain: one row a division. reads: staging.<dataset> (or core.<dataset>, when a key is new), core.division.
insert into core.division (county_code, division_code, level, division_name, parent_code)
select distinct
    s.county_code,
    s.{division} as division_code,
    case when length(s.{division}) = 12 then 'village' else 'township' end as level,
    s.{division} as division_name,
    left(s.{division}, case when length(s.{division}) = 12 then 9 else 6 end) as parent_code
from {rows} as s
where
    ({of_batch})
    and s.{division} is not null
    and not exists (
        select 1
        from core.division as d
        where d.county_code = s.county_code and d.division_code = s.{division}
    )
on conflict (county_code, division_code) do nothing
