-- zh: 同一项目在各渠道报表中只有一个主类别
-- en: a project has one primary category, whichever feed tells it
-- left_zh: 在册项目数
-- left_en: projects on record
-- right_zh: 其中类别一致的项目数
-- right_en: of which with one category
-- datasets: [fund_project]
-- grain: one row a county
-- reads: touched_county, audit.category_told, core.fund_project
with told as (
    select
        t.county_code,
        t.project_no,
        string_agg(distinct t.category, '／' order by t.category) as categories,
        count(distinct t.category) > 1 as is_torn
    from touched_county as c
    inner join audit.category_told as t on c.county_code = t.county_code
    inner join core.fund_project as j on t.county_code = j.county_code and t.project_no = j.project_no
    group by t.county_code, t.project_no
)

select
    county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where not is_torn) as right_value,
    concat_ws(
        '；',
        audit.told('类别不一致的项目：', array_agg(project_no || '（' || categories || '）') filter (where is_torn))
    ) as detail
from told
group by county_code
