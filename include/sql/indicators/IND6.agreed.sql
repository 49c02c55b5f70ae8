-- id: IND6.agreed
-- zh: 招商签约额
-- en: investment signed
-- unit: 元
-- source: work
-- datasets: [work_signing]
-- relations: [eastern_province, signing_counted]
-- measure: sum(agreed_yuan)
-- filters:
--   east: {where: is_east, unknown: is_east is null, zh: 其中：东部企业签约额, en: of which with investors of the east}
--   paired: {where: is_paired, unknown: is_paired is null, zh: 其中：结对省（市）企业签约额, en: of which with investors of the paired province}
--   landed: {where: "stage in ('started', 'producing')", unknown: stage is null, zh: 其中：签约后开工项目签约额, en: of which of projects started}
-- definition_zh: 期内签订的招商引资项目的签约金额之和；未填金额的、写作“余”或“以上”的使合计只是下限
-- definition_en: investment agreed in the projects signed in the period; one that states none, or an amount written with 余 or 以上, makes the sum a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    stage,
    agreed_yuan,
    is_agreed_open as is_at_least,
    is_east,
    is_paired,
    batch_id,
    row_no
from signing_counted
