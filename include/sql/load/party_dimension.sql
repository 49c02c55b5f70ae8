-- core.party: the organisations a batch names, each with its name as last told; held-back rows name none.
-- Every row read counts, also one that a newer one supersedes: so any order of arrival ends in the same rows.
-- Of two names told with one version the greater text stands.
-- The kind is what the first two signs of a credit code say (GB 32100: who registers it, and as what).
-- grain: one row an organisation. reads: staging.<dataset> (or core.<dataset>, when a key is new), core.party.
insert into core.party as p (county_code, party_key, uscc, party_name, kind, version)
select distinct on (t.county_code, t.party_key)
    t.county_code,
    t.party_key,
    t.uscc,
    t.party_name,
    case
        when t.uscc is null then null
        when left(t.uscc, 2) = '91' then 'enterprise'
        when left(t.uscc, 2) = '92' then 'individual_business'
        when left(t.uscc, 2) = '93' then 'cooperative'
        when left(t.uscc, 2) = '11' then 'agency'
        when left(t.uscc, 2) = '12' then 'institution'
        when left(t.uscc, 2) = '51' then 'association'
        when left(t.uscc, 2) = '52' then 'private_non_enterprise'
        when left(t.uscc, 2) = '53' then 'foundation'
        when left(t.uscc, 1) = 'N' then 'collective'
        else 'other'
    end as kind,
    t.version
from (
    select
        s.county_code,
        {party_key_of_s} as party_key,
        {uscc_of_s} as uscc,
        {party_name_of_s} as party_name,
        case when {party_name_of_s} is null then '-infinity' else max(s.version) end as version
    from {rows} as s
    where ({of_batch}) and {party_key_of_s} is not null
    group by s.county_code, {party_key_of_s}, {uscc_of_s}, {party_name_of_s}
) as t
left join core.party as k on t.county_code = k.county_code and t.party_key = k.party_key
where
    k.party_key is null
    or (k.version, coalesce(k.party_name, '')) < (t.version, coalesce(t.party_name, ''))
order by t.county_code asc, t.party_key asc, t.version desc, coalesce(t.party_name, '') desc
on conflict (county_code, party_key) do update set
    party_name = excluded.party_name,
    version = excluded.version
where (p.version, coalesce(p.party_name, '')) < (excluded.version, coalesce(excluded.party_name, ''))
