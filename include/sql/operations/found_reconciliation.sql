-- Checks whose two figures differ, with the periods they differ in.
-- grain: one row a county and check. reads: audit.reconciliation.
select
    county_code,
    check_id,
    count(*) as lines,
    string_agg(period, '、' order by period) as periods,
    min(detail) as detail
from audit.reconciliation
where status = 'differs'
group by county_code, check_id
