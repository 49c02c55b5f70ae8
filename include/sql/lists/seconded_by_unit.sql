-- zh: 选派单位情况表
-- en: people seconded, by sending unit; numbers, no names
-- order: 113
-- spans: {year: year}
-- relations: [secondment_counted]
-- annex: secondments
-- grain: one row a direction and sending unit
-- reads: secondment_counted, core.work_secondment
-- columns:
--   direction: {zh: 方向, kind: text}
--   org_from: {zh: 派出单位, kind: text}
--   people: {zh: 人数, kind: count, unit: 人}
select
    c.direction || '/' || s.org_from as row_key,
    case c.direction when 'east_to_west' then '东部派出' else '本县派出' end as direction,
    s.org_from,
    count(distinct c.person_key) as people
from secondment_counted as c
inner join core.work_secondment as s
    on c.county_code = s.county_code and c.batch_id = s.batch_id and c.row_no = s.row_no
group by c.direction, s.org_from
order by c.direction, people desc, s.org_from
