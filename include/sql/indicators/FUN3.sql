-- id: FUN3
-- zh: 已支付协作资金
-- en: collaboration money paid
-- unit: 元
-- source: fund
-- datasets: [fund_payment, fund_project, fund_allocation]
-- relations: [project_counted, payment_counted]
-- measure: sum(amount_yuan)
-- filters:
--   province_level: {where: "fund_level = 'province'", unknown: "fund_level is null", zh: 已支付省级资金, en: paid of money of the province}
--   city_level: {where: "fund_level = 'city'", unknown: "fund_level is null", zh: 已支付地市级资金, en: paid of money of the city}
--   county_level: {where: "fund_level = 'county'", unknown: "fund_level is null", zh: 已支付区县级资金, en: paid of money of the county or district}
--   pairing: {where: "fund_level = 'pairing'", unknown: "fund_level is null", zh: 已支付镇村结对资金, en: paid of money of paired towns and villages}
-- kinds: [year_to_date, year]
-- definition_zh: 本年度下达文件所安排的项目截至期末日的累计支付，红字冲减；支付随项目归入下达文件的年度，其后年度为这些项目支付的不计入任何单个年度，多年合计则计入各年度项目截至最后一日的全部支付；按项目所属文件的级次分列；只有累计数，没有当月数
-- definition_en: paid up to the period's last day for the projects of the year's letters, less what was taken back; a payment is of the year of its project's letter, and what is paid for it in later years is of no single one, while several years have all that was paid for their projects up to their last day; by the level of that letter; year to date and year only
select
    county_code,
    period_kind,
    period,
    town_code,
    fund_level,
    amount_yuan,
    batch_id,
    row_no
from payment_counted
