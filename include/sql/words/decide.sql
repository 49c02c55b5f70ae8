-- audit.word: adds a decision as the county's latest.
-- grain: one row a decision. reads: parameters, audit.word.
insert into audit.word (
    county_code, decision_no, field, word, word_key, state, value, valid_from, valid_to, reason_zh, decided_by,
    decided_at, rows_waiting
)
select
    %(county_code)s as county_code,
    coalesce(max(w.decision_no), 0) + 1 as decision_no,
    %(field)s as field,
    %(word)s as word,
    %(word_key)s as word_key,
    %(state)s as state,
    %(value)s as value,
    %(valid_from)s::date as valid_from,
    %(valid_to)s::date as valid_to,
    %(reason_zh)s as reason_zh,
    %(decided_by)s as decided_by,
    %(decided_at)s as decided_at,
    %(rows_waiting)s as rows_waiting
from audit.word as w
where w.county_code = %(county_code)s
