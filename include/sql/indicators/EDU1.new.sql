-- id: EDU1.new
-- zh: 新增东部院校就读学生
-- en: students who entered schools in the east
-- unit: 人
-- source: labour
-- datasets: [labour_student]
-- relations: [student_counted]
-- measure: count(distinct person_key)
-- filters:
--   lifted: {where: is_lifted, zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- definition_zh: 期内入学的东部院校学生，按人去重
-- definition_en: people who entered schools in the east in the period, each once
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
where is_new
