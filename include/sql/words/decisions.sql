-- What counties decided about words, oldest first.
-- grain: one row a decision. reads: audit.word.
select
    county_code,
    field,
    word,
    state,
    value,
    valid_from,
    valid_to,
    reason_zh,
    decided_by,
    decided_at,
    decision_no,
    rows_waiting
from audit.word
where %(counties)s::char(6)[] is null or county_code = any(%(counties)s::char(6)[])
order by county_code, decision_no
