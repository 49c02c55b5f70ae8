-- Checks whose two figures differ, with what should hold and the periods in which it does not.
-- grain: one row a county and check. reads: audit.reconciliation, audit.check_definition.
select
    r.county_code,
    r.check_id,
    coalesce(d.check_zh, r.check_id) as check_zh,
    count(*) as lines,
    string_agg(r.period, '、' order by r.period) as periods,
    min(r.detail) as detail
from audit.reconciliation as r
left join audit.check_definition as d on r.check_id = d.check_id
where r.status = 'differs'
group by r.county_code, r.check_id, d.check_zh
