-- id: TAL3
-- total: false
-- zh: 西部选派专技人才
-- en: professionals from the west
-- unit: 人
-- source: work
-- datasets: [work_secondment]
-- relations: [secondment_counted]
-- measure: count(distinct person_key)
-- announced: true
-- filters:
--   west_to_east: {where: "true", zh: 西部选派专技人才, en: professionals seconded west to east}
--   education: {where: field = 'teacher', zh: 西部选派教育专技人才, en: education professionals west to east}
--   health: {where: field = 'doctor', zh: 西部选派卫生专技人才, en: health professionals west to east}
--   agriculture: {where: field = 'agriculture', zh: 西部选派农业专技人才, en: agriculture professionals west to east}
--   other: {where: "field in ('park', 'party', 'other')", unknown: field is null, zh: 西部选派其他专技人才, en: other professionals west to east}
-- definition_zh: 选派期与期间有重叠的西部专技人才，按人（县、姓名、派出单位）去重
-- definition_en: professionals from the west whose term overlaps the period, distinct people by county, name and sending unit
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    field,
    batch_id,
    row_no
from secondment_counted
where direction = 'west_to_east' and kind = 'professional'
