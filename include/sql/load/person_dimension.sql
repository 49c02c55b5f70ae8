-- core.person: the people a batch names, with what is needed of them; held-back rows name nobody.
-- Every row read counts, also one that a newer one supersedes: so any order of arrival ends in the same people.
-- Sex and birth year come from the identity number and cannot change; the household is as last told, and of two
-- things told with one version the greater text stands.
-- grain: one row a person. reads: staging.<dataset> (or core.<dataset>, when a key is new), core.person.
insert into core.person as p (
    county_code, person_key, sex, birth_year, household_type, monitor_class, version
)
select distinct on (t.county_code, t.person_key)
    t.county_code,
    t.person_key,
    t.sex,
    t.birth_year,
    t.household_type,
    t.monitor_class,
    t.version
from (
    select
        s.county_code,
        s.person_key,
        {household_type_of_s} as household_type,
        case when {household_type_of_s} is not null then {monitor_class_of_s} end as monitor_class,
        max({sex_of_s}) as sex,
        max({birth_year_of_s}) as birth_year,
        case when {household_type_of_s} is null then '-infinity' else max(s.version) end as version
    from {rows} as s
    where ({of_batch}) and s.person_key is not null
    group by s.county_code, s.person_key, {household_type_of_s}, {monitor_class_of_s}
) as t
left join core.person as k on t.county_code = k.county_code and t.person_key = k.person_key
where
    k.person_key is null
    or (k.sex is null and t.sex is not null)
    or (k.version, coalesce(k.household_type, ''), coalesce(k.monitor_class, ''))
    < (t.version, coalesce(t.household_type, ''), coalesce(t.monitor_class, ''))
order by
    t.county_code asc, t.person_key asc,
    t.version desc, coalesce(t.household_type, '') desc, coalesce(t.monitor_class, '') desc
on conflict (county_code, person_key) do update set
    sex = coalesce(p.sex, excluded.sex),
    birth_year = coalesce(p.birth_year, excluded.birth_year),
    household_type = case
        when
            (p.version, coalesce(p.household_type, ''), coalesce(p.monitor_class, ''))
            < (excluded.version, coalesce(excluded.household_type, ''), coalesce(excluded.monitor_class, ''))
            then excluded.household_type
        else p.household_type
    end,
    monitor_class = case
        when
            (p.version, coalesce(p.household_type, ''), coalesce(p.monitor_class, ''))
            < (excluded.version, coalesce(excluded.household_type, ''), coalesce(excluded.monitor_class, ''))
            then excluded.monitor_class
        else p.monitor_class
    end,
    version = greatest(p.version, excluded.version)
