-- id: CON4.households
-- zh: 带动脱贫户
-- en: households linked
-- unit: 户
-- source: sales
-- datasets: [sales_household]
-- relations: [household_linked]
-- measure: count(distinct household_no)
-- definition_zh: 期内带动的脱贫户，按户编号去重
-- definition_en: households linked in the period, distinct by household number
select
    county_code,
    period_kind,
    period,
    town_code,
    household_no,
    batch_id,
    row_no
from household_linked
