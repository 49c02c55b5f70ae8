-- id: IND2.stock
-- zh: 存续的引进企业
-- en: firms brought in, as they stand
-- unit: 家
-- source: work
-- datasets: [work_enterprise]
-- relations: [eastern_province, enterprise_statement, enterprise_landed, enterprise_held]
-- measure: count(distinct firm_id)
-- where: stage is distinct from 'gone'
-- stock: true
-- filters:
--   producing: {where: "stage = 'producing'", unknown: "stage is null", zh: 其中：投产企业, en: of which producing}
--   building: {where: "stage = 'building'", unknown: "stage is null", zh: 其中：在建企业, en: of which being built}
--   east: {where: "is_east and stage is distinct from 'gone'", unknown: "is_east is null and stage is distinct from 'gone'", zh: 其中：东部投资企业, en: of which backed by the east}
-- definition_zh: 期末日已落地且未填退出的企业，按统一社会信用代码（没有的按名称）去重；当年没有一家填写阶段的，按均未退出计
-- definition_en: firms that have landed by the period's last day and are not stated to be gone, distinct by credit code, else name; a firm without a stage is not gone
select
    county_code,
    period_kind,
    period,
    null as town_code,
    firm_id,
    stage,
    is_east,
    batch_id,
    row_no
from enterprise_held
