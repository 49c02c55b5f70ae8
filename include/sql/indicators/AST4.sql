-- id: AST4
-- zh: 项目资产分红
-- en: dividends of assets
-- unit: 元
-- source: fund
-- datasets: [fund_asset]
-- relations: [asset_held]
-- measure: sum(dividend_yuan)
-- silent: "dividend_yuan is null"
-- stock: true
-- definition_zh: 期末日在册的协作项目资产填写的年分红之和；当年在册资产没有一项填写的，视为未报告
-- definition_en: dividends of a year as the ledger states for the assets held on the period's last day; not reported where no asset held in the year states any
select
    county_code,
    period_kind,
    period,
    town_code,
    dividend_yuan,
    dividend_yuan_at_least as is_at_least,
    batch_id,
    row_no
from asset_held
