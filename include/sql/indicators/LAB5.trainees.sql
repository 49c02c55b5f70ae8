-- id: LAB5.trainees
-- zh: 培训农村劳动力
-- en: rural workers trained
-- unit: 人
-- source: labour
-- datasets: [labour_training_roster, labour_training_class]
-- relations: [roster_class, trainee_counted]
-- measure: count(distinct person_key)
-- definition_zh: 期内开班的培训班花名册上的人，按人去重
-- definition_en: people on the rosters of classes that start in the period, each once
select
    county_code,
    period_kind,
    period,
    town_code,
    person_key,
    batch_id,
    row_no
from trainee_counted
