-- id: TAL4.group.hospitals
-- zh: 组团式帮扶的医院
-- en: hospitals that groups were sent to
-- unit: 所
-- source: work
-- datasets: [work_secondment]
-- relations: [secondment_counted]
-- measure: count(distinct unit_to)
-- announced: true
-- where: "field = 'doctor' and stay = 'group' and unit_to is not null"
-- unknown: "(stay is null or stay = 'group') and (field is null or stay is null or unit_to is null)"
-- definition_zh: 选派期与期间有重叠的东部组团式帮扶医生的接收单位，按名称去重；有人未写明专业、交流形式或接收单位的，为下限
-- definition_en: units that receive doctors of the east sent as a group whose term overlaps the period, distinct by name; a lower bound where field, kind of stay or unit of some is not told
select
    county_code,
    period_kind,
    period,
    null as town_code,
    field,
    stay,
    unit_to,
    batch_id,
    row_no
from secondment_counted
where direction = 'east_to_west' and (field = 'doctor' or (field is null and kind = 'professional'))
