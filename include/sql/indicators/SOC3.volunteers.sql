-- id: SOC3.volunteers
-- zh: 帮扶活动志愿者
-- en: volunteers of activities
-- unit: 人次
-- source: work
-- datasets: [work_activity]
-- measure: sum(volunteers)
-- additive: true
-- definition_zh: 期内帮扶活动的志愿者人数之和，参加几项计几次；未填的使合计只是下限
-- definition_en: volunteers of the period's activities, once for each; an activity that states none makes the sum a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    a.volunteers,
    a.batch_id,
    a.row_no,
    a.volunteers is null as is_at_least
from period as p
inner join core.work_activity as a
    on p.county_code = a.county_code and a.held_on between p.first_day and p.last_day
