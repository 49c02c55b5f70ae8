-- id: LAB3
-- zh: 省内就近就业
-- en: in jobs in the home province
-- unit: 人
-- source: labour
-- datasets: [labour_placement]
-- relations: [placement_counted]
-- measure: count(distinct person_key)
-- filters:
--   lifted: {where: is_lifted, zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- definition_zh: LAB1 中务工地点在本省的人
-- definition_en: people of LAB1 whose job is in the home province
select
    county_code,
    period_kind,
    period,
    town_code,
    person_key,
    is_lifted,
    batch_id,
    row_no
from placement_counted
where destination = 'home'
