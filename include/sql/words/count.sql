-- How many decisions a county has made: whoever read fewer before has to read again.
-- grain: one row. reads: audit.word.
select count(*) as decisions
from audit.word
where county_code = %(county_code)s
