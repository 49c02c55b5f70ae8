-- id: LAB5.certified
-- zh: 培训取得证书
-- en: people certified
-- unit: 人
-- source: labour
-- datasets: [labour_training_class]
-- measure: sum(n_certified)
-- unknown: "n_certified is null"
-- definition_zh: 期内开班的培训班填报的取证人数之和；有班次未填的，为下限
-- definition_en: sum of the people certified as the classes that start in the period state; a lower bound where some do not
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    c.n_certified,
    c.batch_id,
    c.row_no
from period as p
inner join core.labour_training_class as c
    on p.county_code = c.county_code and c.start_date between p.first_day and p.last_day
