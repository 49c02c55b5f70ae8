-- id: AST2
-- total: false
-- zh: 项目资产管理
-- en: management of assets
-- unit: 项
-- source: fund
-- datasets: [fund_asset]
-- relations: [asset_held]
-- measure: count(distinct asset_id)
-- filters:
--   settled: {where: is_titled and is_handed_over, zh: 已确权移交资产, en: assets titled and handed over}
--   titled: {where: is_titled, zh: 已确权资产, en: assets titled}
--   handed_over: {where: is_handed_over, zh: 已移交资产, en: assets handed over}
--   idle: {where: is_idle, zh: 闲置资产, en: idle assets}
-- stock: true
-- definition_zh: 期末日在册的协作项目资产中，到该日已写确权时间、移交时间的，以及闲置后尚未盘活的
-- definition_en: of the assets held on the period's last day those titled and handed over by then, and those idle and not yet used again
select
    county_code,
    period_kind,
    period,
    town_code,
    asset_id,
    is_titled,
    is_handed_over,
    is_idle,
    batch_id,
    row_no
from asset_held
