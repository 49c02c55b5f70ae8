-- zh: 同一年度、同一地点、同名的项目只有一个编号，不重复计入
-- en: a project of one name, place and year has one number and is counted once
-- left_zh: 在册项目数
-- left_en: projects on record
-- right_zh: 按年度、地点和名称去重的项目数
-- right_en: projects distinct by year, place and name
-- datasets: [fund_project, fund_allocation]
-- grain: one row a county
-- reads: touched_county, core.fund_project, core.fund_allocation
with named as (
    select
        c.county_code,
        array_agg(j.project_no) as numbers,
        string_agg(j.project_no || ' ' || j.category, '／' order by j.project_no) as said
    from touched_county as c
    inner join core.fund_project as j on c.county_code = j.county_code
    left join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
    group by
        c.county_code, a.year, coalesce(j.village, j.town, ''),
        regexp_replace(j.project_name, '[[:space:][:punct:]（）、，。]', '', 'g')
)

select
    county_code,
    '' as period,
    sum(cardinality(numbers)) as left_value,
    count(*) as right_value,
    concat_ws('；', audit.told('同名项目：', array_agg(said) filter (where cardinality(numbers) > 1))) as detail
from named
group by county_code
