-- id: CON5.agreements
-- zh: 采购框架协议
-- en: framework purchase agreements
-- unit: 个
-- source: work
-- datasets: [work_agreement]
-- relations: [agreement_counted]
-- measure: count(*)
-- filters:
--   village: {where: "kind = 'village_firm'", unknown: "kind is null", zh: 其中：村企合作协议, en: of which agreements of villages with firms}
-- definition_zh: 期内签订的采购框架协议，按签订时间、供方和需方去重
-- definition_en: framework agreements signed in the period, distinct by day, seller and buyer
select
    county_code,
    period_kind,
    period,
    null as town_code,
    kind,
    batch_id,
    row_no
from agreement_counted
