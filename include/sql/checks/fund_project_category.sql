-- zh: 每个项目的类别都在目录之内
-- en: every project's category is a foreseen one; any other has a figure of its own
-- left_zh: 在册项目数
-- left_en: projects on record
-- right_zh: 其中类别在目录内的项目数
-- right_en: of which in a foreseen category
-- datasets: [fund_project]
-- grain: one row a county
-- reads: touched_county, core.fund_project, core.category
with judged as (
    select
        c.county_code,
        j.category,
        exists(
            select 1
            from core.category as g
            where g.county_code = j.county_code and g.category = j.category
        ) as is_foreseen
    from touched_county as c
    inner join core.fund_project as j on c.county_code = j.county_code
)

select
    county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where is_foreseen) as right_value,
    concat_ws('；', audit.told('未列入目录的类别：', array_agg(category) filter (where not is_foreseen))) as detail
from judged
group by county_code
