-- id: SOC3
-- zh: 帮扶活动
-- en: activities of help
-- unit: 场
-- source: work
-- datasets: [work_activity]
-- measure: sum(times)
-- additive: true
-- filters:
--   clinic: {where: "kind = 'clinic'", unknown: kind is null, zh: 其中：义诊活动, en: of which clinics}
--   teaching: {where: "kind = 'teaching'", unknown: kind is null, zh: 其中：送教活动, en: of which teaching}
--   training: {where: "kind = 'training'", unknown: kind is null, zh: 其中：技术培训活动, en: of which technical training}
--   culture: {where: "kind = 'culture'", unknown: kind is null, zh: 其中：文化活动, en: of which culture}
--   care: {where: "kind = 'care'", unknown: kind is null, zh: 其中：慰问助学活动, en: of which visits and gifts}
--   volunteer: {where: "kind = 'volunteer'", unknown: kind is null, zh: 其中：志愿服务活动, en: of which volunteer service}
--   other: {where: "kind = 'other'", unknown: kind is null, zh: 其中：其他活动, en: of which others}
-- definition_zh: 期内开展的帮扶活动场次之和；未填场次的按一场计；未填类别的使各类为下限
-- definition_en: activities of help held in the period; one that does not say how often was held once; one without a kind makes the parts by kind lower bounds
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    a.kind,
    a.batch_id,
    a.row_no,
    coalesce(a.times, 1) as times
from period as p
inner join core.work_activity as a
    on p.county_code = a.county_code and a.held_on between p.first_day and p.last_day
