-- id: EDU1.employed
-- zh: 东部院校毕业学生已就业
-- en: graduates of schools in the east with a job
-- unit: 人
-- source: labour
-- datasets: [labour_student]
-- relations: [student_counted]
-- measure: count(distinct person_key)
-- where: is_employed
-- unknown: "is_employed is null"
-- filters:
--   lifted: {where: is_employed and is_lifted, unknown: "is_employed is null and is_lifted", zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- definition_zh: 期内毕业的东部院校学生中已就业的，按人去重；有毕业生未填是否就业的，只是下限
-- definition_en: of the period's graduates of schools in the east those with a job, each once; a graduate of whom that is not known makes it a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    is_lifted,
    is_employed,
    batch_id,
    row_no
from student_counted
where is_graduate
