-- zh: 乡村振兴示范村情况表
-- en: demonstration villages with the year's projects that lie in them
-- order: 115
-- spans: {year: year}
-- relations: [project_counted]
-- grain: one row a village
-- reads: period, core.work_village, core.division, project_counted, core.fund_project
-- columns:
--   village: {zh: 示范村, kind: text}
--   named_on: {zh: 确定日期, kind: date, month: true}
--   theme: {zh: 特色, kind: text}
--   projects: {zh: 项目, kind: count, unit: 个, total: true}
--   allocated_yuan: {zh: 安排资金, kind: money, unit: 元, total: true, at_least: is_at_least}
-- note_zh: 项目为建设地点在该村的当年财政帮扶资金项目。
with placed as (
    select
        j.county_code,
        j.village,
        count(*) as projects,
        sum(j.allocated_yuan) as allocated_yuan,
        bool_or(j.allocated_yuan_at_least) as is_at_least
    from project_counted as c
    inner join core.fund_project as j on c.county_code = j.county_code and c.project_no = j.project_no
    where j.village is not null
    group by j.county_code, j.village
)

select
    v.village_code as row_key,
    concat(max(t.division_name), coalesce(max(d.division_name), v.village_code)) as village,
    max(v.named_on) as named_on,
    max(v.theme) as theme,
    max(m.projects) as projects,
    max(m.allocated_yuan) as allocated_yuan,
    bool_or(m.is_at_least) as is_at_least
from period as p
inner join core.work_village as v
    on
        p.county_code = v.county_code
        and coalesce(v.named_on, p.last_day) <= p.last_day
        and coalesce(v.ended_on, p.last_day) >= p.last_day
left join core.division as t on v.county_code = t.county_code and v.town = t.division_code
left join core.division as d on v.county_code = d.county_code and v.village_code = d.division_code
left join placed as m on v.county_code = m.county_code and v.village_code = m.village
group by v.village_code
order by row_key
