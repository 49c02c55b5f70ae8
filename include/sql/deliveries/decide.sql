-- audit.delivery_decision: adds a decision as the county's latest; its number is what the landing stands by.
-- grain: one row a decision. reads: the same table.
insert into audit.delivery_decision (
    county_code, decision_no, landing_id, standing, reason_zh, decided_by, decided_at
)
select
    %(county_code)s as county_code,
    coalesce(max(d.decision_no), 0) + 1 as decision_no,
    %(landing_id)s as landing_id,
    %(standing)s as standing,
    %(reason_zh)s as reason_zh,
    %(decided_by)s as decided_by,
    %(decided_at)s as decided_at
from audit.delivery_decision as d
where d.county_code = %(county_code)s
