-- publish.signature: one answer to a draft.
-- grain: one row an answer. reads: publish.signature.
insert into publish.signature (
    county_code, period, draft_no, answer_no, step, accepts, account, name, role, refused_zh, reason, answered_at
)
select
    %(county_code)s,
    %(period)s,
    %(draft_no)s,
    count(*) + 1,
    %(step)s,
    %(accepts)s,
    %(account)s,
    %(name)s,
    %(role)s,
    %(refused_zh)s,
    %(reason)s,
    %(answered_at)s
from publish.signature
where county_code = %(county_code)s and period = %(period)s and draft_no = %(draft_no)s
