-- id: TRN.people
-- zh: 干部人才培训人次
-- en: people in classes of training of officials, professionals and leaders
-- unit: 人次
-- source: work
-- datasets: [work_training]
-- measure: sum(people)
-- additive: true
-- definition_zh: 期内开班的干部人才培训班的培训人次之和；参加几期计几次
-- definition_en: people in the classes of training of officials, professionals and leaders that start in the period, once for each class
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    t.people,
    t.batch_id,
    t.row_no
from period as p
inner join core.work_training as t
    on
        p.county_code = t.county_code
        and t.started_on between p.first_day and p.last_day
