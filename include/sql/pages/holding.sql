-- Checks that hold, each with the periods it holds for and when it was last looked at.
-- grain: one row a check. reads: audit.reconciliation, audit.check_definition.
select
    r.check_id,
    d.check_zh,
    d.check_en,
    count(*) as periods,
    max(r.period) as latest
from audit.reconciliation as r
left join audit.check_definition as d on r.check_id = d.check_id
where r.county_code = %(county_code)s and r.status = 'holds'
group by r.check_id, d.check_zh, d.check_en
order by r.check_id
