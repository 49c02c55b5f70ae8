-- zh: 帮扶车间情况表
-- en: employment workshops that stand on the last day, as the last list states them
-- order: 118
-- spans: {year: year}
-- counts: WSH1
-- grain: one row a workshop
-- reads: counted, core.labour_workshop, core.division
-- columns:
--   name: {zh: 车间, kind: text}
--   place: {zh: 地点, kind: text}
--   product: {zh: 主营产品, kind: text}
--   state: {zh: 状态, kind: text, spelled: labour_workshop.state}
--   jobs: {zh: 用工, kind: count, unit: 人, total: true}
--   jobs_lifted: {zh: 其中脱贫人口, kind: count, unit: 人, total: true}
select
    w.town || '/' || w.workshop_norm as row_key,
    w.name,
    concat(t.division_name, v.division_name) as place,
    w.product,
    w.state,
    w.jobs,
    w.jobs_lifted
from counted as n
inner join core.labour_workshop as w
    on n.county_code = w.county_code and n.batch_id = w.batch_id and n.row_no = w.row_no
left join core.division as t on w.county_code = t.county_code and w.town = t.division_code
left join core.division as v on w.county_code = v.county_code and w.village = v.division_code
order by row_key
