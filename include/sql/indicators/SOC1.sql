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
--   from_government: {where: "donor_type = 'government'", unknown: "donor_type is null", zh: 其中：政府部门捐赠, en: of which from governments}
--   from_institution: {where: "donor_type = 'institution'", unknown: "donor_type is null", zh: 其中：机关事业单位捐赠, en: of which from institutions}
--   from_enterprise: {where: "donor_type = 'enterprise'", unknown: "donor_type is null", zh: 其中：企业捐赠, en: of which from firms}
--   from_social_organisation: {where: "donor_type = 'social_organisation'", unknown: "donor_type is null", zh: 其中：社会组织捐赠, en: of which from social organisations}
--   from_individual: {where: "donor_type = 'individual'", unknown: "donor_type is null", zh: 其中：个人捐赠, en: of which from individuals}
--   for_education: {where: "purpose_kind = 'education'", unknown: "purpose_kind is null", zh: 其中：用于教育, en: of which for education}
--   for_health: {where: "purpose_kind = 'health'", unknown: "purpose_kind is null", zh: 其中：用于医疗卫生, en: of which for health}
--   for_industry: {where: "purpose_kind = 'industry'", unknown: "purpose_kind is null", zh: 其中：用于产业发展, en: of which for industry}
--   for_village: {where: "purpose_kind = 'village'", unknown: "purpose_kind is null", zh: 其中：用于乡村建设, en: of which for villages}
--   for_employment: {where: "purpose_kind = 'employment'", unknown: "purpose_kind is null", zh: 其中：用于就业, en: of which for employment}
--   for_relief: {where: "purpose_kind = 'relief'", unknown: "purpose_kind is null", zh: 其中：用于困难救助, en: of which for relief}
-- definition_zh: 期内捐赠的社会帮扶资金，捐款与捐物折价分开计列，不含财政资金
-- definition_en: donations made in the period, money and goods at valuation apart, without fiscal money
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    d.receipt_no,
    d.donor_type,
    d.purpose_kind,
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
