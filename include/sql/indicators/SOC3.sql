-- id: SOC3
-- zh: 帮扶活动
-- en: activities of help
-- unit: 场
-- source: work
-- datasets: [work_activity]
-- measure: sum(times)
-- additive: true
-- definition_zh: 期内开展的帮扶活动场次之和；未填场次的按一场计
-- definition_en: activities of help held in the period; one that does not say how often was held once
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    a.batch_id,
    a.row_no,
    coalesce(a.times, 1) as times
from period as p
inner join core.work_activity as a
    on p.county_code = a.county_code and a.held_on between p.first_day and p.last_day
