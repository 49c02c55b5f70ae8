-- id: EDU1.programme
-- zh: 雨露计划东部院校在读学生
-- en: of the students in the east those of the rain-and-dew programme
-- unit: 人
-- source: labour
-- datasets: [labour_student]
-- relations: [student_counted]
-- measure: count(distinct person_key)
-- where: is_in_programme
-- unknown: "is_in_programme is null"
-- stock: true
-- definition_zh: 期末日在东部院校就读的学生中享受雨露计划的，按人去重；有学生未填的，只是下限
-- definition_en: of the students in the east on the period's last day those of the programme, each once; a student of whom that is not known makes it a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    is_in_programme,
    batch_id,
    row_no
from student_counted
where is_studying
