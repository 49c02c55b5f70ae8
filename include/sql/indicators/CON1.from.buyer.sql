-- id: CON1.from
-- split: buyer
-- zh: 消费帮扶销售额：按采购方省份
-- en: consumption-support sales by the buyer's province
-- unit: 元
-- source: sales
-- datasets: [sales_order]
-- relations: [province_named, order_sold]
-- measure: sum(net_yuan)
-- additive: true
-- members_from: provinces
-- member_zh: "{zh}采购额"
-- member_en: "sales to buyers in province {en}"
-- probe: CON1
-- unknown: buyer is null
-- definition_zh: CON1 中采购方在该省（区、市）的销售额；采购地区未写明或看不出省份的订单（净额为零的除外）不在内，期内有这样的订单时各省均为下限
-- definition_en: sales of CON1 to buyers in the province; orders (but of nothing) that do not tell the buyer's are in none, and make those of their period lower bounds
select
    county_code,
    period_kind,
    period,
    null as town_code,
    buyer,
    net_yuan,
    batch_id,
    row_no
from order_sold
where buyer is not null or net_yuan <> 0
