-- id: CON1.buyers
-- zh: 消费帮扶采购单位
-- en: organisations that bought
-- unit: 家
-- source: sales
-- datasets: [sales_order]
-- relations: [order_bought]
-- measure: count(distinct buyer_org)
-- unknown: buyer_org is null
-- definition_zh: 期内有已支付且未关闭订单的采购单位，按名称去重；有订单未写采购单位的，为下限
-- definition_en: organisations with an order of the period that is paid and not closed, distinct by name; a lower bound where an order names none
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    b.buyer_org,
    b.batch_id,
    b.row_no
from period as p
inner join order_bought as b
    on p.county_code = b.county_code and b.paid_on between p.first_day and p.last_day
