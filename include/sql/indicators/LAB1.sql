-- id: LAB1
-- zh: 帮助农村劳动力转移就业
-- en: rural workers helped into jobs
-- unit: 人
-- source: labour
-- datasets: [labour_placement]
-- relations: [placement_counted]
-- measure: count(distinct person_key)
-- filters:
--   lifted: {where: is_lifted, zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- definition_zh: 期内开始的务工记录按人去重，每人只在最近一次开始的记录上计一次
-- definition_en: people with a spell that starts in the period, each once, at the spell with the latest start
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
