-- audit.check_answer: what a person says to a finding as it is now.
-- grain: one row an answer. reads: audit.reconciliation.
insert into audit.check_answer (county_code, check_id, period, finding, answer_zh, answered_by, answered_at)
select
    r.county_code,
    r.check_id,
    r.period,
    md5(concat_ws('|', r.left_value, r.right_value, r.detail)) as finding,
    %(answer_zh)s::text as answer_zh,
    %(answered_by)s::text as answered_by,
    %(answered_at)s::timestamptz as answered_at
from audit.reconciliation as r
where
    r.county_code = %(county_code)s
    and r.check_id = %(check_id)s
    and r.period = %(period)s
    and r.status in ('differs', 'warns')
