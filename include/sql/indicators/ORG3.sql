-- id: ORG3
-- total: false
-- zh: 结对
-- en: pairs
-- unit: 对
-- source: work
-- datasets: [work_pairing]
-- relations: [pairing_held]
-- measure: count(distinct (kind, east_norm, west_norm))
-- filters:
--   street_town: {where: kind = 'street_town', zh: 街道与乡镇结对, en: street-township pairs}
--   community_village: {where: kind = 'community_village', zh: 社区与示范村结对, en: community-village pairs}
--   school: {where: kind = 'school', zh: 学校结对, en: school pairs}
--   hospital: {where: kind = 'hospital', zh: 医院结对, en: hospital pairs}
--   social_organisation: {where: kind = 'social_organisation', zh: 社会组织与示范村结对, en: social organisation-village pairs}
--   enterprise: {where: kind = 'enterprise', zh: 企业与示范村结对, en: enterprise-village pairs}
--   town_town: {where: kind = 'town_town', zh: 镇镇结对, en: township-township pairs}
--   towns: {where: "kind in ('street_town', 'town_town')", zh: 镇级结对, en: pairs of townships and streets}
--   village_village: {where: kind = 'village_village', zh: 村村结对, en: village-village pairs}
--   county_county: {where: kind = 'county_county', zh: 县县结对, en: county-county pairs}
--   town_village: {where: kind = 'town_village', zh: 镇村结对, en: township-village pairs}
--   county_town: {where: kind = 'county_town', zh: 县区与乡镇结对, en: county-township pairs}
--   all: {where: "true", zh: 双方结对, en: pairs of all kinds}
--   other: {where: kind = 'other', zh: 其他结对, en: other pairs}
-- stock: true
-- definition_zh: 期末日有效的结对关系，按类型和双方名称去重；未写签订时间的视为一直有效，未写终止时间的视为仍然有效
-- definition_en: pairs that hold on the period's last day, distinct by kind and both names; no signing day means since ever, no end means still
select
    county_code,
    period_kind,
    period,
    null as town_code,
    kind,
    east_norm,
    west_norm,
    batch_id,
    row_no
from pairing_held
