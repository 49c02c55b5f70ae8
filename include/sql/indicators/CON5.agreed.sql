-- id: CON5.agreed
-- zh: 采购框架协议金额
-- en: framework agreements' value
-- unit: 元
-- source: work
-- datasets: [work_agreement]
-- relations: [agreement_counted]
-- measure: sum(amount_yuan)
-- definition_zh: 期内签订的采购框架协议金额之和；写作“余”或“以上”的金额只是下限，合计也是下限
-- definition_en: sum of the value of the period's framework agreements; an amount written with 余 or 以上 is a lower bound, and so is the sum
select
    county_code,
    period_kind,
    period,
    null as town_code,
    amount_yuan,
    is_at_least,
    batch_id,
    row_no
from agreement_counted
