-- id: LAB8.yuan
-- zh: 跨省务工交通补助金额
-- en: subsidies for journeys
-- unit: 元
-- source: labour
-- datasets: [labour_placement]
-- relations: [subsidy_counted]
-- measure: sum(transport_subsidy_yuan)
-- silent: "transport_subsidy_yuan is null"
-- definition_zh: LAB8.people 所领取的补助之和
-- definition_en: sum of the subsidies of LAB8.people
select
    county_code,
    period_kind,
    period,
    null as town_code,
    transport_subsidy_yuan,
    batch_id,
    row_no
from subsidy_counted
