-- id: SOC1
-- zh: 社会帮扶资金
-- en: social donations
-- unit: 元
-- source: fund
-- datasets: [fund_donation]
-- measure: sum(gift_yuan)
-- additive: true
-- filters:
--   in_kind: {where: gift_kind = 'in_kind', zh: 其中：捐物折价, en: of which in kind at valuation}
--   cash: {where: gift_kind = 'cash', zh: 其中：捐款, en: of which cash}
-- definition_zh: 期内捐赠的社会帮扶资金，捐款与捐物折价分开计列，不含财政资金
-- definition_en: donations made in the period, money and goods at valuation apart, without fiscal money
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    d.receipt_no,
    g.gift_kind,
    g.gift_yuan,
    g.is_at_least,
    d.batch_id,
    d.row_no
from period as p
inner join core.fund_donation as d
    on p.county_code = d.county_code and d.donated_on between p.first_day and p.last_day
cross join
    lateral (
        values
        ('cash', d.cash_yuan, d.cash_yuan_at_least),
        ('in_kind', d.goods_value_yuan, d.goods_value_yuan_at_least)
    ) as g (gift_kind, gift_yuan, is_at_least)
where g.gift_yuan > 0
