-- id: LAB9
-- total: false
-- zh: 稳定就业
-- en: people in stable jobs
-- unit: 人
-- source: labour
-- datasets: [labour_placement]
-- relations: [eastern_province, placement_counted]
-- measure: count(distinct person_key)
-- filters:
--   months_3: {where: "is_stable_3m or is_stable_6m or months_worked >= 3", unknown: "is_stable_3m is null and is_stable_6m is not true and months_worked is null", zh: 稳定就业三个月以上, en: people in a job for three months and more}
--   months_6: {where: "is_stable_6m or months_worked >= 6", unknown: "is_stable_6m is null and months_worked is null", zh: 稳定就业六个月以上, en: people in a job for six months and more}
-- definition_zh: LAB1 中填报稳岗满三（六）个月，或务工月数满三（六）个月的人；两项都未填的人使其为下限
-- definition_en: people of LAB1 whose row says three (six) months in the job, or as many months worked; a lower bound where some rows say neither
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    months_worked,
    is_stable_3m,
    is_stable_6m,
    batch_id,
    row_no
from placement_counted
