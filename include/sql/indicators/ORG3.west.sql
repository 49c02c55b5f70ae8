-- id: ORG3.west
-- zh: 结对的西部单位
-- en: western units that are paired
-- unit: 个
-- source: work
-- datasets: [work_pairing]
-- relations: [pairing_held]
-- measure: count(distinct (kind, west_norm))
-- stock: true
-- filters:
--   street_town: {where: "kind = 'street_town'", zh: 街道与乡镇结对的西部单位, en: western units of street-township pairs}
--   town_town: {where: "kind = 'town_town'", zh: 乡镇与乡镇结对的西部单位, en: western units of township-township pairs}
--   community_village: {where: "kind = 'community_village'", zh: 社区与示范村结对的西部单位, en: western units of community-village pairs}
--   village_village: {where: "kind = 'village_village'", zh: 村村结对的西部单位, en: western units of village-village pairs}
--   school: {where: "kind = 'school'", zh: 学校结对的西部单位, en: western units of school pairs}
--   hospital: {where: "kind = 'hospital'", zh: 医院结对的西部单位, en: western units of hospital pairs}
--   social_organisation: {where: "kind = 'social_organisation'", zh: 社会组织与示范村结对的西部单位, en: western units of social organisation-village pairs}
--   enterprise: {where: "kind = 'enterprise'", zh: 企业与示范村结对的西部单位, en: western units of enterprise-village pairs}
--   county_county: {where: "kind = 'county_county'", zh: 县县结对的西部单位, en: western units of county-county pairs}
--   town_village: {where: "kind = 'town_village'", zh: 镇村结对的西部单位, en: western units of township-village pairs}
--   county_town: {where: "kind = 'county_town'", zh: 县区与乡镇结对的西部单位, en: western units of county-township pairs}
--   towns: {measure: count(distinct west_norm), where: "kind in ('street_town', 'town_town')", zh: 结对的西部乡镇（街道）, en: western townships and streets that are paired}
--   villages: {measure: count(distinct west_norm), where: "kind in ('community_village', 'village_village')", zh: 结对的西部村（社区）, en: western villages and communities that are paired}
--   villages_social: {measure: count(distinct west_norm), where: "kind in ('enterprise', 'social_organisation')", zh: 与企业和社会组织结对的村, en: villages paired with firms and social organisations}
--   villages_all: {measure: count(distinct west_norm), where: "kind in ('community_village', 'village_village', 'town_village', 'enterprise', 'social_organisation')", zh: 有结对关系的村, en: villages in pairs of any kind}
-- definition_zh: 期末日有效的结对中的西部单位，按类型和名称去重，一个单位与几个单位结对的计一次；有结对关系的村是与社区、村、乡镇、企业、社会组织结对的村，一村只计一次
-- definition_en: "western units of pairs that hold on the period's last day, distinct by kind and name: one that is paired with several counts once; villages in pairs of any kind are those paired with communities, villages, townships, firms or social organisations, each once"
select
    county_code,
    period_kind,
    period,
    null as town_code,
    kind,
    west_norm,
    batch_id,
    row_no
from pairing_held
