-- id: LAB10.people
-- zh: 有组织（点对点）输转
-- en: people who left in organised departures
-- unit: 人
-- source: labour
-- datasets: [labour_placement]
-- relations: [departure_organised]
-- measure: count(distinct person_key)
-- where: is_organised
-- unknown: "is_organised is null"
-- definition_zh: 期内开始的务工记录中填明有组织（点对点）输转的人，按人去重
-- definition_en: people with an organised spell that starts in the period, each once
select
    county_code,
    period_kind,
    period,
    null as town_code,
    is_organised,
    person_key,
    batch_id,
    row_no
from departure_organised
