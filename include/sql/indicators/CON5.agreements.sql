-- id: CON5.agreements
-- zh: 采购框架协议
-- en: framework purchase agreements
-- unit: 个
-- source: work
-- datasets: [work_agreement]
-- relations: [agreement_counted]
-- measure: count(*)
-- definition_zh: 期内签订的采购框架协议，按签订时间、供方和需方去重
-- definition_en: framework agreements signed in the period, distinct by day, seller and buyer
select
    county_code,
    period_kind,
    period,
    null as town_code,
    batch_id,
    row_no
from agreement_counted
