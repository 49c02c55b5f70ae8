-- id: WSH1.cleared
-- zh: 已清理帮扶车间
-- en: workshops cleared
-- unit: 个
-- source: labour
-- datasets: [labour_workshop]
-- relations: [workshop_listed]
-- measure: count(distinct (town_code, workshop_norm))
-- stock: true
-- definition_zh: 期末日所依据的清单中状态为清理的车间，按乡镇和车间名称去重
-- definition_en: workshops that the list of the period's last day states as cleared, distinct by township and name
select
    county_code,
    period_kind,
    period,
    town_code,
    workshop_norm,
    batch_id,
    row_no
from workshop_listed
where state = 'cleared'
