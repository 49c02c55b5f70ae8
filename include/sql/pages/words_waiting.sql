-- The words that rows of a county wait for, as last looked at.
-- grain: one row, none before the first look. reads: audit.word_waiting.
select
    w.looked_at,
    w.proposals
from audit.word_waiting as w
where w.county_code = %(county_code)s
