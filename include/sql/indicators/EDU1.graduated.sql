-- id: EDU1.graduated
-- zh: 东部院校毕业学生
-- en: graduates of schools in the east
-- unit: 人
-- source: labour
-- datasets: [labour_student]
-- relations: [student_counted]
-- measure: count(distinct person_key)
-- filters:
--   lifted: {where: is_lifted, zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- definition_zh: 期内毕业的东部院校学生，按人去重
-- definition_en: people who graduated from schools in the east in the period, each once
select
    county_code,
    period_kind,
    period,
    town_code,
    person_key,
    is_lifted,
    batch_id,
    row_no
from student_counted
where is_graduate
