-- id: SOC3.people
-- zh: 帮扶活动服务群众
-- en: people served by activities
-- unit: 人次
-- source: work
-- datasets: [work_activity]
-- measure: sum(people)
-- additive: true
-- definition_zh: 期内帮扶活动的服务人次之和；未填的使合计只是下限
-- definition_en: people served by the period's activities, each time anew; an activity that states none makes the sum a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    a.people,
    a.batch_id,
    a.row_no,
    a.people is null as is_at_least
from period as p
inner join core.work_activity as a
    on p.county_code = a.county_code and a.held_on between p.first_day and p.last_day
