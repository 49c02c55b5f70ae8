-- answers to one draft, in the order in which they were given; those that were refused count for nothing.
-- grain: one row an answer. reads: publish.signature.
select
    step,
    accepts,
    account,
    name,
    role,
    refused_zh,
    reason,
    answered_at
from publish.signature
where county_code = %(county_code)s and period = %(period)s and draft_no = %(draft_no)s
order by answer_no
