-- id: TAL2
-- total: false
-- zh: 东部选派专技人员
-- en: professionals from the east
-- unit: 人
-- source: work
-- datasets: [work_secondment]
-- relations: [secondment_counted]
-- measure: count(distinct person_key)
-- announced: true
-- filters:
--   east_to_west: {where: "true", zh: 东部选派专技人员, en: professionals seconded east to west}
--   teachers: {where: field = 'teacher', zh: 支教教师, en: teachers}
--   teachers_long: {where: field = 'teacher' and is_long, zh: 支教教师（长期）, en: teachers long-term}
--   teachers_short: {where: field = 'teacher' and not is_long, zh: 支教教师（短期）, en: teachers short-term}
--   doctors: {where: field = 'doctor', zh: 支医医生, en: doctors}
--   doctors_long: {where: field = 'doctor' and is_long, zh: 支医医生（长期）, en: doctors long-term}
--   doctors_short: {where: field = 'doctor' and not is_long, zh: 支医医生（短期）, en: doctors short-term}
--   park: {where: field = 'park', zh: 园区建设人员, en: park-building staff}
--   party: {where: field = 'party', zh: 党务工作者, en: party-affairs staff}
--   agriculture: {where: field = 'agriculture', zh: 支农人员, en: agriculture professionals}
--   other: {where: "field = 'other'", unknown: field is null, zh: 东部选派其他专技人员, en: other professionals from the east}
-- definition_zh: 选派期与期间有重叠的东部专技人员，按人（县、姓名、派出单位）去重；长短期以填报为准，未填的满六个月为长期
-- definition_en: professionals from the east whose term overlaps the period, distinct people by county, name and sending unit; long or short as stated, else long from six months on
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    field,
    is_long,
    batch_id,
    row_no
from secondment_counted
where direction = 'east_to_west' and kind = 'professional'
