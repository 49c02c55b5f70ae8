-- id: TAL4
-- total: false
-- zh: 交流形式
-- en: kinds of stay
-- unit: 人
-- source: work
-- datasets: [work_secondment]
-- relations: [secondment_counted]
-- measure: count(distinct person_key)
-- announced: true
-- filters:
--   shadowing: {where: "stay = 'shadowing'", unknown: "stay is null", zh: 跟岗（跟班）学习, en: people learning beside others in their post}
--   shadowing_professionals: {where: "stay = 'shadowing' and kind = 'professional'", unknown: "stay is null and kind = 'professional'", zh: 其中：专技人员跟岗学习, en: of which professionals}
--   flexible: {where: "stay = 'flexible'", unknown: "stay is null", zh: 柔性引进人才, en: people on flexible terms}
--   group: {where: "stay = 'group'", unknown: "stay is null", zh: 组团式帮扶人才, en: people sent as a group}
--   group_teachers: {where: "stay = 'group' and field = 'teacher'", unknown: "stay is null and field = 'teacher' or stay = 'group' and kind = 'professional' and field is null", zh: 组团式帮扶教师, en: teachers sent as a group}
--   group_doctors: {where: "stay = 'group' and field = 'doctor'", unknown: "stay is null and field = 'doctor' or stay = 'group' and kind = 'professional' and field is null", zh: 组团式帮扶医生, en: doctors sent as a group}
-- definition_zh: 选派期与期间有重叠的干部人才，按填报的交流形式分列，按人（县、姓名、派出单位）去重；有人未写明形式的，为下限
-- definition_en: people whose term overlaps the period by the kind of their stay, distinct people by county, name and sending unit; lower bounds where the kind of some is not told
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    kind,
    stay,
    field,
    batch_id,
    row_no
from secondment_counted
