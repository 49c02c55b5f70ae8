-- zh: 项目开工不晚于完工，完工不晚于验收
-- en: a project starts before it is completed, and is completed before it is accepted
-- left_zh: 写有开工、完工或验收日期的项目数
-- left_en: projects that state a start, a completion or an acceptance
-- right_zh: 其中日期先后合理的项目数
-- right_en: of which in that order
-- datasets: [fund_project]
-- grain: one row a county
-- reads: touched_county, core.fund_project
with dated as (
    select
        c.county_code,
        j.project_no,
        coalesce(j.finished_on < j.started_on, false)
        or coalesce(j.accepted_on < j.finished_on, false)
        or coalesce(j.accepted_on < j.started_on, false) as is_reversed
    from touched_county as c
    inner join core.fund_project as j on c.county_code = j.county_code
    where coalesce(j.started_on, j.finished_on, j.accepted_on) is not null
)

select
    county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where not is_reversed) as right_value,
    concat_ws(
        '；', audit.told('开工、完工、验收日期先后颠倒的项目：', array_agg(project_no) filter (where is_reversed))
    ) as detail
from dated
group by county_code
