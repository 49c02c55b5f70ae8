-- id: CON4.people
-- zh: 带动脱贫人口
-- en: people linked
-- unit: 人
-- source: sales
-- datasets: [sales_household]
-- relations: [household_linked]
-- measure: sum(people)
-- definition_zh: 期内带动的脱贫户的家庭人口之和，同一户填报不一的取最大数
-- definition_en: people of the households linked in the period, of each household the largest size stated
select
    county_code,
    period_kind,
    period,
    town_code,
    people,
    batch_id,
    row_no
from household_linked
