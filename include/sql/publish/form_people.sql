-- Names and numbers of people, sealed, for a ledger that restates them.
-- grain: one row a person. reads: vault.person.
select
    person_key,
    payload
from vault.person
where county_code = %(county_code)s and person_key = any(%(person_keys)s)
