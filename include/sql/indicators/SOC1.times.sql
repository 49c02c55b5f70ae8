-- id: SOC1.times
-- zh: 社会帮扶捐赠笔数
-- en: donations
-- unit: 笔
-- source: fund
-- datasets: [fund_donation]
-- relations: [donation_received]
-- measure: count(distinct receipt_no)
-- definition_zh: 期内的捐赠，按票据号去重；一张票据分几行填写的为一笔
-- definition_en: donations made in the period, distinct by receipt; a receipt in several rows is one
select
    county_code,
    period_kind,
    period,
    null as town_code,
    receipt_no,
    batch_id,
    row_no
from donation_received
