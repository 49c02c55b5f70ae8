-- enterprise_landed: when a firm landed, by the latest statement known about it: a correction holds for the past too.
-- grain: one row a county and firm. reads: enterprise_statement.
select distinct on (county_code, firm_id)
    county_code,
    firm_id,
    landed_on,
    is_east,
    is_paired,
    batch_id,
    row_no
from enterprise_statement
order by county_code, firm_id, stated_on desc
