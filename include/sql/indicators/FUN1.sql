-- id: FUN1
-- zh: 财政帮扶资金
-- en: fiscal aid allocated
-- unit: 元
-- source: fund
-- datasets: [fund_allocation]
-- measure: sum(amount_yuan)
-- announced: true
-- additive: true
-- filters:
--   province_level: {where: "fund_level = 'province'", unknown: "fund_level is null", zh: 其中：省级资金, en: of which money of the province}
--   city_level: {where: "fund_level = 'city'", unknown: "fund_level is null", zh: 其中：地市级资金, en: of which money of the city}
--   county_level: {where: "fund_level = 'county'", unknown: "fund_level is null", zh: 其中：区县级资金, en: of which money of the county or district}
--   pairing: {where: "fund_level = 'pairing'", unknown: "fund_level is null", zh: 其中：镇村结对资金, en: of which money of paired towns and villages}
-- definition_zh: 本年度资金的下达文件金额之和，按文件日期计入月份，日期不在本年的计入本年首日或末日
-- definition_en: sum of the year's allocation letters, in the month of the letter, clamped into its year
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    a.fund_level,
    a.amount_yuan,
    a.amount_yuan_at_least as is_at_least,
    a.batch_id,
    a.row_no
from period as p
inner join core.fund_allocation as a
    on
        p.county_code = a.county_code
        and greatest(make_date(a.year::integer, 1, 1), least(a.doc_date, make_date(a.year::integer, 12, 31)))
        between p.first_day and p.last_day
