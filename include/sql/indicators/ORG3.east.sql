-- id: ORG3.east
-- zh: 结对的东部单位
-- en: eastern units that are paired
-- unit: 个
-- source: work
-- datasets: [work_pairing]
-- relations: [pairing_held]
-- measure: count(distinct (kind, east_norm))
-- stock: true
-- filters:
--   street_town: {where: "kind = 'street_town'", zh: 街道与乡镇结对的东部单位, en: eastern units of street-township pairs}
--   town_town: {where: "kind = 'town_town'", zh: 乡镇与乡镇结对的东部单位, en: eastern units of township-township pairs}
--   community_village: {where: "kind = 'community_village'", zh: 社区与示范村结对的东部单位, en: eastern units of community-village pairs}
--   village_village: {where: "kind = 'village_village'", zh: 村村结对的东部单位, en: eastern units of village-village pairs}
--   school: {where: "kind = 'school'", zh: 学校结对的东部单位, en: eastern units of school pairs}
--   hospital: {where: "kind = 'hospital'", zh: 医院结对的东部单位, en: eastern units of hospital pairs}
--   social_organisation: {where: "kind = 'social_organisation'", zh: 社会组织与示范村结对的东部单位, en: eastern units of social organisation-village pairs}
--   enterprise: {where: "kind = 'enterprise'", zh: 企业与示范村结对的东部单位, en: eastern units of enterprise-village pairs}
--   county_county: {where: "kind = 'county_county'", zh: 县县结对的东部单位, en: eastern units of county-county pairs}
--   town_village: {where: "kind = 'town_village'", zh: 镇村结对的东部单位, en: eastern units of township-village pairs}
--   county_town: {where: "kind = 'county_town'", zh: 县区与乡镇结对的东部单位, en: eastern units of county-township pairs}
--   towns: {measure: count(distinct east_norm), where: "kind in ('street_town', 'town_town')", zh: 结对的东部乡镇（街道）, en: eastern townships and streets that are paired}
--   villages: {measure: count(distinct east_norm), where: "kind in ('community_village', 'village_village')", zh: 结对的东部村（社区）, en: eastern villages and communities that are paired}
--   social: {measure: count(distinct east_norm), where: "kind in ('enterprise', 'social_organisation')", zh: 参与村级结对的企业和社会组织, en: firms and social organisations paired with villages}
-- definition_zh: 期末日有效的结对中的东部单位，按类型和名称去重，一个单位与几个单位结对的计一次
-- definition_en: "eastern units of pairs that hold on the period's last day, distinct by kind and name: one that is paired with several counts once"
select
    county_code,
    period_kind,
    period,
    null as town_code,
    kind,
    east_norm,
    batch_id,
    row_no
from pairing_held
