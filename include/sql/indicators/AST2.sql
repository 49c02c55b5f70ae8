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
--   settled: {where: is_titled and is_handed_over, silent: not are_both_told, zh: 已确权移交资产, en: assets titled and handed over}
--   titled: {where: is_titled, silent: titled_on is null, zh: 已确权资产, en: assets titled}
--   handed_over: {where: is_handed_over, silent: handed_over_on is null, zh: 已移交资产, en: assets handed over}
--   idle: {where: is_idle, silent: idle_since is null, zh: 闲置资产, en: idle assets}
-- stock: true
-- definition_zh: 期末日在册的协作项目资产中，到该日已写确权时间、移交时间的，以及闲置后尚未盘活的；当年在册资产没有一项填写相应时间的，视为未报告
-- definition_en: of the assets held on the period's last day those titled and handed over by then, and those idle and not yet used again; not reported where no asset held in the year has such a day
select
    county_code,
    period_kind,
    period,
    town_code,
    asset_id,
    is_titled,
    is_handed_over,
    is_idle,
    titled_on,
    handed_over_on,
    idle_since,
    bool_or(titled_on is not null) over county_year
    and bool_or(handed_over_on is not null) over county_year as are_both_told,
    batch_id,
    row_no
from asset_held
window county_year as (partition by county_code, left(period, 4))
