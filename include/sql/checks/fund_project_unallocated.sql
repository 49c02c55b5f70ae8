-- zh: 每个项目都有对应的资金下达文件；没有的不计入任何指标
-- en: every project has its allocation letter; one without counts in no figure
-- left_zh: 在册项目数
-- left_en: projects on record
-- right_zh: 其中有下达文件的项目数
-- right_en: of which with a letter
-- datasets: [fund_project, fund_allocation]
-- grain: one row a county
-- reads: touched_county, core.fund_project, core.fund_allocation
select
    c.county_code,
    '' as period,
    count(j.project_no) as left_value,
    count(a.doc_no) as right_value,
    concat_ws(
        '；', audit.told('没有对应下达文件的项目：', array_agg(j.project_no) filter (where a.doc_no is null))
    ) as detail
from touched_county as c
inner join core.fund_project as j on c.county_code = j.county_code
left join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
group by c.county_code
