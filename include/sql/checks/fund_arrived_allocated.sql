-- zh: 到位资金不超过安排资金（逐项目和全年合计）
-- en: what arrived does not exceed what was allocated, project by project and over the year
-- left_zh: 写明到位资金的项目的到位资金合计（元）
-- left_en: money arrived of the projects that state it, in yuan
-- right_zh: 这些项目的安排资金合计（元）
-- right_en: money allocated to these projects, in yuan
-- datasets: [fund_project, fund_allocation]
-- grain: one row a county and year
-- reads: touched_county, core.fund_project, core.fund_allocation
select
    c.county_code,
    a.year::text as period,
    sum(j.arrived_yuan) as left_value,
    sum(j.allocated_yuan) as right_value,
    concat_ws(
        '；',
        audit.told(
            '到位资金超过安排资金的项目：',
            array_agg(
                concat(
                    j.project_no, '（到位 ', trim_scale(j.arrived_yuan), ' 元，安排 ', trim_scale(j.allocated_yuan), ' 元）'
                )
            ) filter (where j.arrived_yuan > j.allocated_yuan and not j.allocated_yuan_at_least)
        ),
        case
            when sum(j.arrived_yuan) > sum(j.allocated_yuan) and not bool_or(j.allocated_yuan_at_least)
                then '全年到位资金合计超过安排资金合计'
        end
    ) as detail
from touched_county as c
inner join core.fund_project as j on c.county_code = j.county_code and j.arrived_yuan is not null
inner join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
group by c.county_code, a.year
