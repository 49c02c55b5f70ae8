-- zh: 财政帮扶资金项目安排表
-- en: projects of the year's allocation letters by category
-- order: 105
-- spans: {year: year}
-- relations: [project_counted]
-- annex: projects
-- grain: one row a project
-- reads: project_counted, core.fund_project, mart.indicator
-- columns:
--   category: {zh: 类别, kind: text}
--   project_name: {zh: 项目名称, kind: text}
--   allocated_yuan: {zh: 安排资金, kind: money, unit: 元, total: true, at_least: is_at_least}
with known as (
    select
        c.county_code,
        c.project_no,
        coalesce(i.name_zh, c.category) as category,
        sum(c.allocated_yuan) over (partition by c.category) as category_yuan
    from project_counted as c
    left join mart.indicator as i on i.indicator_id = 'FUN1.' || c.category
)

select
    k.project_no as row_key,
    k.category,
    j.project_name,
    j.allocated_yuan,
    j.allocated_yuan_at_least as is_at_least
from known as k
inner join core.fund_project as j on k.county_code = j.county_code and k.project_no = j.project_no
order by k.category_yuan desc, k.category, j.allocated_yuan desc, row_key
