-- id: LAB10.batches
-- zh: 有组织（点对点）输转批次
-- en: organised departures
-- unit: 批
-- source: labour
-- datasets: [labour_placement]
-- relations: [eastern_province, spell_started]
-- measure: count(distinct (started_on, work_province_code, work_place))
-- where: is_organised
-- unknown: "is_organised is null"
-- filters:
--   paired: {where: "is_organised and destination = 'paired'", unknown: "is_organised is null and destination = 'paired'", zh: 其中：输转到东部结对省份的批次, en: of which to the paired province}
-- definition_zh: 期内开始的有组织（点对点）输转，同一天到同一地点的为一批；只写月份的按月的第一天
-- definition_en: "organised departures in the period: people to one place on one day are one; a month without a day is its first day"
select
    county_code,
    period_kind,
    period,
    null as town_code,
    is_organised,
    destination,
    started_on,
    work_province_code,
    work_place,
    batch_id,
    row_no
from spell_started
