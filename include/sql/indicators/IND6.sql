-- id: IND6
-- zh: 招商签约项目
-- en: investment projects signed
-- unit: 个
-- source: work
-- datasets: [work_signing]
-- relations: [eastern_province, signing_counted]
-- measure: count(*)
-- filters:
--   east: {where: is_east, unknown: is_east is null, zh: 其中：东部企业签约项目, en: of which with investors of the east}
--   paired: {where: is_paired, unknown: is_paired is null, zh: 其中：结对省（市）企业签约项目, en: of which with investors of the paired province}
--   landed: {where: "stage in ('started', 'producing')", unknown: stage is null, zh: 其中：签约后开工项目, en: of which started}
--   producing: {where: "stage = 'producing'", unknown: stage is null, zh: 其中：签约后投产项目, en: of which producing}
--   ended: {where: "stage = 'ended'", unknown: stage is null, zh: 其中：签约后终止项目, en: of which ended}
-- definition_zh: 期内签订的招商引资项目，按签约时间、项目名称和投资方去重；开工（含已投产）、投产、终止以台账最近一次填报的进展为准；来源地、进展未写明的使相应的分项为下限
-- definition_en: investment projects signed in the period, distinct by day, project and investor; started (producing ones among them), producing and ended as the ledger stated last; one that does not tell origin or stage makes those parts lower bounds
select
    county_code,
    period_kind,
    period,
    null as town_code,
    stage,
    is_east,
    is_paired,
    batch_id,
    row_no
from signing_counted
