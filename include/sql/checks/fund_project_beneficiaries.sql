-- zh: 项目受益的脱贫户、脱贫人口不超过受益总数，受益人口不少于受益户数
-- en: lifted beneficiaries are part of all beneficiaries, and households have people in them
-- left_zh: 写有受益情况的项目数
-- left_en: projects that state beneficiaries
-- right_zh: 其中数据合理的项目数
-- right_en: of which consistent
-- datasets: [fund_project]
-- grain: one row a county
-- reads: touched_county, core.fund_project
with stated as (
    select
        c.county_code,
        j.project_no,
        coalesce(j.households_lifted > j.households, false)
        or coalesce(j.people_lifted > j.people, false)
        or coalesce(j.people < j.households, false) as is_odd
    from touched_county as c
    inner join core.fund_project as j on c.county_code = j.county_code
    where coalesce(j.households, j.people, j.households_lifted, j.people_lifted) is not null
)

select
    county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where not is_odd) as right_value,
    concat_ws('；', audit.told('受益户数、人数不合理的项目：', array_agg(project_no) filter (where is_odd))) as detail
from stated
group by county_code
