-- id: LAB5.lifted
-- zh: 培训其中：脱贫人口
-- en: of which people lifted out of poverty
-- unit: 人
-- source: labour
-- datasets: [labour_training_roster, labour_training_class]
-- relations: [roster_class, trainee_counted]
-- measure: count(distinct person_key)
-- definition_zh: LAB5.trainees 中的脱贫户人员，以及监测对象类别为脱贫不稳定户的人员
-- definition_en: people of LAB5.trainees of lifted households, and of monitored ones of the unstable class
select
    county_code,
    period_kind,
    period,
    town_code,
    person_key,
    batch_id,
    row_no
from trainee_counted
where is_lifted
