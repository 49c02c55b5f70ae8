-- id: EDU1
-- zh: 东部院校就读学生
-- en: students in the east
-- unit: 人
-- source: labour
-- datasets: [labour_student]
-- relations: [student_counted]
-- measure: count(distinct person_key)
-- filters:
--   lifted: {where: is_lifted, zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- stock: true
-- definition_zh: 期末日在东部院校就读的学生，按人去重；未写毕业时间的视为仍在就读
-- definition_en: people at schools in the east on the period's last day, each once; no graduation means still there
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
where is_studying
