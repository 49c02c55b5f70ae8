-- zh: 干部人才选派交流情况表
-- en: officials and professionals seconded
-- order: 5
-- spans: {year: year}
-- relations: [secondment_counted]
-- grain: one row a direction, kind, field, sending and receiving unit and length; numbers of people, no names
-- reads: secondment_counted, core.work_secondment
-- columns:
--   direction: {zh: 方向, kind: text}
--   kind: {zh: 类别, kind: text}
--   field: {zh: 专业, kind: text}
--   org_from: {zh: 派出单位, kind: text}
--   org_to: {zh: 接收单位, kind: text}
--   length: {zh: 期限, kind: text}
--   people: {zh: 人数, kind: count, unit: 人}
-- note_zh: 同一人有多段任期的，在每段所在行各计一次；全年人数以主要指标为准。
with named as (
    select
        case c.direction when 'east_to_west' then '东部选派' else '西部选派' end as direction,
        case c.kind when 'cadre' then '党政干部' else '专技人员' end as kind,
        case c.field
            when 'teacher' then '教育'
            when 'doctor' then '卫生'
            when 'agriculture' then '农业'
            when 'park' then '园区建设'
            when 'party' then '党务'
            when 'other' then '其他'
            else coalesce(c.field, '')
        end as field,
        s.org_from,
        coalesce(s.org_to, '') as org_to,
        case when c.is_long then '长期' else '短期' end as length,
        c.person_key
    from secondment_counted as c
    inner join core.work_secondment as s
        on c.county_code = s.county_code and c.batch_id = s.batch_id and c.row_no = s.row_no
)

select
    concat_ws('/', direction, kind, field, org_from, org_to, length) as row_key,
    direction,
    kind,
    field,
    org_from,
    org_to,
    length,
    count(distinct person_key) as people
from named
group by direction, kind, field, org_from, org_to, length
order by direction, kind, field, org_from, org_to, length
