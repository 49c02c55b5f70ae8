-- id: CON1
-- zh: 消费帮扶销售额
-- en: consumption-support sales
-- unit: 元
-- source: sales
-- datasets: [sales_order]
-- relations: [province_named, order_sold]
-- measure: sum(net_yuan)
-- additive: true
-- filters:
--   direct: {where: "sales_mode = 'direct'", unknown: "sales_mode is null and net_yuan <> 0", zh: 其中：直接采购, en: of which bought directly}
--   helped: {where: "sales_mode = 'helped'", unknown: "sales_mode is null and net_yuan <> 0", zh: 其中：助销, en: of which sold with help}
--   paired_buyers: {where: "is_paired", unknown: "buyer is null and net_yuan <> 0", zh: 其中：结对省（市）采购, en: of which bought in the paired province}
--   eastern_buyers: {where: "is_eastern and not is_paired", unknown: "buyer is null and net_yuan <> 0", zh: 其中：其他东部省市采购, en: of which bought in other eastern provinces}
--   own_buyers: {where: "is_own", unknown: "buyer is null and net_yuan <> 0", zh: 其中：本省采购, en: of which bought in the home province}
--   other_buyers: {where: "not is_eastern and not is_own", unknown: "buyer is null and net_yuan <> 0", zh: 其中：其他地区采购, en: of which bought elsewhere}
--   platform_832: {where: "platform = '832'", zh: 渠道：832平台, en: of which on the 832 platform}
--   online: {where: "platform not in ('832', 'ledger') or channel = 'online'", unknown: "platform = 'ledger' and channel is null and net_yuan <> 0", zh: 渠道：电商平台（不含832平台）, en: of which online elsewhere than on the 832 platform}
--   counter: {where: "channel = 'counter'", unknown: "platform = 'ledger' and channel is null and net_yuan <> 0", zh: 渠道：专馆专柜, en: of which at counters of their own}
--   supermarket: {where: "channel = 'supermarket'", unknown: "platform = 'ledger' and channel is null and net_yuan <> 0", zh: 渠道：商超, en: of which at supermarkets}
--   canteen: {where: "channel = 'canteen'", unknown: "platform = 'ledger' and channel is null and net_yuan <> 0", zh: 渠道：单位食堂, en: of which to canteens}
--   purchase: {where: "channel = 'purchase'", unknown: "platform = 'ledger' and channel is null and net_yuan <> 0", zh: 渠道：单位采购, en: of which to organisations}
--   fair: {where: "channel = 'fair'", unknown: "platform = 'ledger' and channel is null and net_yuan <> 0", zh: 渠道：展销会, en: of which at fairs}
--   community: {where: "channel = 'community'", unknown: "platform = 'ledger' and channel is null and net_yuan <> 0", zh: 渠道：社区团购, en: of which to communities}
--   wholesale: {where: "channel = 'wholesale'", unknown: "platform = 'ledger' and channel is null and net_yuan <> 0", zh: 渠道：批发市场, en: of which wholesale}
-- definition_zh: 期内支付且未关闭的订单，实付减退款（按目前所知）；同一卖家同一订单号见于多个渠道的只计一次，平台接口优先，其次832导出，再次台账；采购地区、方式、渠道未写明的订单（净额为零的除外）使相应的分项为下限
-- definition_en: orders paid in the period and not closed, payment minus refund as known now; the same seller and order number in two feeds is one order, of the first feed; orders (but of nothing) that do not tell buyer, mode or channel make those parts lower bounds
select
    county_code,
    period_kind,
    period,
    null as town_code,
    platform,
    channel,
    sales_mode,
    buyer,
    is_eastern,
    is_paired,
    is_own,
    net_yuan,
    batch_id,
    row_no
from order_sold
