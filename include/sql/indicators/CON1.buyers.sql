-- id: CON1.buyers
-- zh: 消费帮扶采购单位
-- en: organisations that bought
-- unit: 家
-- source: sales
-- datasets: [sales_order]
-- relations: [order_bought]
-- measure: count(distinct buyer_org)
-- unknown: buyer_org is null
-- definition_zh: 期内在832平台或销售台账上有已支付、未关闭、未全额退款订单的采购单位，按名称（不计空格）去重，写作个人、散户的不计；有订单未写采购单位的，为下限；其他电商平台的买方多为个人，不计
-- definition_en: organisations with an order of the period on the 832 platform or in a sales ledger that is paid, not closed and not refunded as a whole, distinct by name without spaces, without private people; a lower bound where such an order names none; buyers on other platforms are mostly private people and left out
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    nullif(regexp_replace(b.buyer_org, '\s', '', 'g'), '无') as buyer_org,
    b.batch_id,
    b.row_no
from period as p
inner join order_bought as b
    on p.county_code = b.county_code and b.paid_on between p.first_day and p.last_day
where b.buyer_org is null or b.buyer_org not in ('个人', '散户')
