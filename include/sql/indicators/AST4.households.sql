-- id: AST4.households
-- zh: 项目资产分红户
-- en: households paid dividends of assets
-- unit: 户
-- source: fund
-- datasets: [fund_asset]
-- relations: [asset_held]
-- measure: sum(dividend_households)
-- silent: "dividend_households is null"
-- stock: true
-- definition_zh: 期末日在册的协作项目资产填写的分红户数之和；同一户从几项资产分红的，台账不能识别，重复计算；当年在册资产没有一项填写的，视为未报告
-- definition_en: households paid as the ledger states for the assets held on the period's last day; one paid by several counts in each; not reported where no asset held in the year states any
select
    county_code,
    period_kind,
    period,
    town_code,
    dividend_households,
    batch_id,
    row_no
from asset_held
