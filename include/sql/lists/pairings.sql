-- zh: 结对关系情况表
-- en: pairs that hold on the year's last day
-- order: 104
-- spans: {year: year}
-- grain: one row a pair of one kind
-- reads: period, core.work_pairing
-- columns:
--   kind: {zh: 结对类型, kind: text, spelled: work_pairing.kind}
--   east: {zh: 东部单位, kind: text}
--   west: {zh: 西部单位, kind: text}
--   signed_on: {zh: 签订日期, kind: date, month: true}
select
    concat_ws('/', r.kind, r.east_norm, r.west_norm) as row_key,
    r.kind,
    max(r.east) as east,
    max(r.west) as west,
    max(r.signed_on) as signed_on
from period as p
inner join core.work_pairing as r
    on
        p.county_code = r.county_code
        and coalesce(r.signed_on, p.last_day) <= p.last_day
        and coalesce(r.ended_on, p.last_day) >= p.last_day
group by r.kind, r.east_norm, r.west_norm
order by
    array_position(
        array[
            'county_county', 'street_town', 'community_village', 'village_village', 'school', 'hospital',
            'social_organisation', 'enterprise'
        ]::text[],
        r.kind
    ) nulls last, row_key
