-- id: AST1
-- zh: 项目形成资产
-- en: assets formed by projects
-- unit: 项
-- source: fund
-- datasets: [fund_asset]
-- relations: [asset_held]
-- measure: count(distinct asset_id)
-- filters:
--   operating: {where: kind = 'operating', zh: 其中：经营性资产, en: of which operating}
--   public: {where: kind = 'public', zh: 其中：公益性资产, en: of which public}
--   household: {where: kind = 'household', zh: 其中：到户类资产, en: of which of households}
-- stock: true
-- definition_zh: 期末日在册的协作项目资产，按项目和资产（编号，没有的按名称）去重；未写处置时间的视为在册
-- definition_en: assets held on the period's last day, distinct by project and asset (its number, else its name); no disposal means held
select
    county_code,
    period_kind,
    period,
    town_code,
    asset_id,
    kind,
    batch_id,
    row_no
from asset_held
