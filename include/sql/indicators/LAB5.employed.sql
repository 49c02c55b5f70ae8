-- id: LAB5.employed
-- zh: 培训后就业
-- en: trained people who found a job
-- unit: 人
-- source: labour
-- datasets: [labour_training_roster, labour_training_class]
-- relations: [roster_class, trainee_counted]
-- measure: count(distinct person_key)
-- where: is_employed
-- unknown: "is_employed is null"
-- definition_zh: LAB5.trainees 中花名册写明已就业的人；有人未填的，为下限
-- definition_en: people of LAB5.trainees who found a job as rosters say; a lower bound where some rows say nothing
select
    county_code,
    period_kind,
    period,
    null as town_code,
    is_employed,
    person_key,
    batch_id,
    row_no
from trainee_counted
