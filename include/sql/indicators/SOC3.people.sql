-- id: SOC3.people
-- zh: 帮扶活动服务群众
-- en: people served by activities
-- unit: 人次
-- source: work
-- datasets: [work_activity]
-- measure: sum(people)
-- additive: true
-- filters:
--   clinic: {where: "kind = 'clinic'", unknown: kind is null, zh: 其中：义诊活动服务群众, en: of which clinics}
--   teaching: {where: "kind = 'teaching'", unknown: kind is null, zh: 其中：送教活动服务群众, en: of which teaching}
--   training: {where: "kind = 'training'", unknown: kind is null, zh: 其中：技术培训活动服务群众, en: of which technical training}
--   culture: {where: "kind = 'culture'", unknown: kind is null, zh: 其中：文化活动服务群众, en: of which culture}
--   care: {where: "kind = 'care'", unknown: kind is null, zh: 其中：慰问助学活动服务群众, en: of which visits and gifts}
--   volunteer: {where: "kind = 'volunteer'", unknown: kind is null, zh: 其中：志愿服务活动服务群众, en: of which volunteer service}
--   other: {where: "kind = 'other'", unknown: kind is null, zh: 其中：其他活动服务群众, en: of which others}
-- definition_zh: 期内帮扶活动的服务人次之和；未填的使合计只是下限；未填类别的使各类为下限
-- definition_en: people served by the period's activities, each time anew; an activity that states none makes the sum a lower bound, one without a kind the parts by kind
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    a.people,
    a.kind,
    a.batch_id,
    a.row_no,
    a.people is null as is_at_least
from period as p
inner join core.work_activity as a
    on p.county_code = a.county_code and a.held_on between p.first_day and p.last_day
