-- id: AST1.value
-- zh: 项目形成资产原值
-- en: original value of assets formed by projects
-- unit: 元
-- source: fund
-- datasets: [fund_asset]
-- relations: [asset_held]
-- measure: sum(value_yuan)
-- filters:
--   operating: {where: kind = 'operating', zh: 其中：经营性资产原值, en: of which operating}
--   public: {where: kind = 'public', zh: 其中：公益性资产原值, en: of which public}
--   household: {where: kind = 'household', zh: 其中：到户类资产原值, en: of which of households}
-- stock: true
-- definition_zh: 期末日在册的协作项目资产的原值之和
-- definition_en: original value of the assets held on the period's last day
select
    county_code,
    period_kind,
    period,
    town_code,
    value_yuan,
    is_at_least,
    kind,
    batch_id,
    row_no
from asset_held
