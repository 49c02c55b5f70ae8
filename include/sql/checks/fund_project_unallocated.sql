-- zh: 每个项目都有对应的资金下达文件；没有的无法确定年度和月份，有关指标未报告或只是下限
-- en: every project has its allocation letter; without one its year and month are unknown, and figures are not reported or lower bounds
-- left_zh: 在册项目的安排资金合计（元）
-- left_en: money allocated to projects on record, in yuan
-- right_zh: 其中有下达文件的项目的安排资金合计（元）
-- right_en: of which to projects with a letter, in yuan
-- datasets: [fund_project, fund_allocation]
-- grain: one row a county
-- reads: touched_county, core.fund_project, core.fund_allocation
with project as (
    select
        c.county_code,
        j.project_no,
        j.alloc_doc,
        j.allocated_yuan,
        a.doc_no is not null as is_dated
    from touched_county as c
    inner join core.fund_project as j on c.county_code = j.county_code
    left join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
),

judged as (
    select
        county_code,
        sum(allocated_yuan) as whole_yuan,
        coalesce(sum(allocated_yuan) filter (where is_dated), 0) as dated_yuan,
        coalesce(sum(allocated_yuan) filter (where not is_dated), 0) as undated_yuan,
        count(*) filter (where not is_dated) as undated,
        count(*) filter (where not is_dated and alloc_doc is null) as without,
        array_agg(project_no || coalesce('（' || alloc_doc || '）', '')) filter (where not is_dated) as numbers
    from project
    group by county_code
)

select
    county_code,
    '' as period,
    whole_yuan as left_value,
    dated_yuan as right_value,
    case
        when undated = 0 then ''
        else concat(
            undated, ' 个项目共 ', trim_scale(undated_yuan), ' 元没有对应的下达文件（', without, ' 个未填文号，', undated - without,
            ' 个所填文号不在本县下达文件中），未计入项目数和各类别资金；', audit.told('没有对应下达文件的项目：', numbers)
        )
    end as detail
from judged
