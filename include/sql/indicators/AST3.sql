-- id: AST3
-- zh: 项目资产年收益
-- en: yearly income of assets
-- unit: 元
-- source: fund
-- datasets: [fund_asset]
-- relations: [asset_held]
-- measure: sum(income_yuan)
-- unknown: "income_yuan is null and kind = 'operating'"
-- filters:
--   operating: {where: kind = 'operating', unknown: "income_yuan is null and kind = 'operating'", zh: 其中：经营性资产年收益, en: of which of operating assets}
-- stock: true
-- definition_zh: 期末日在册的协作项目资产填写的年收益之和；经营性资产有未填的，为下限；公益性、到户类资产未填的视为没有收益
-- definition_en: yearly income as the ledger states for the assets held on the period's last day; a lower bound where an operating one states none; a public asset or one of a household that states none has none
select
    county_code,
    period_kind,
    period,
    town_code,
    kind,
    income_yuan,
    income_yuan_at_least as is_at_least,
    batch_id,
    row_no
from asset_held
