-- zh: 每份下达文件安排的项目资金之和等于文件金额
-- en: the projects of an allocation letter add up to its amount
-- left_zh: 当年下达文件所安排项目的资金之和（元）
-- left_en: money allocated to projects of the year's letters, in yuan
-- right_zh: 当年下达文件金额之和（元）
-- right_en: sum of the year's letters, in yuan
-- datasets: [fund_allocation, fund_project]
-- grain: one row a county and year
-- reads: touched_county, core.fund_allocation, core.fund_project
with letter as (
    select
        a.county_code,
        a.year,
        a.doc_no,
        a.amount_yuan,
        coalesce(sum(j.allocated_yuan), 0) as project_yuan,
        -- a lower bound on either side agrees with whatever may still lie above it
        (a.amount_yuan_at_least and coalesce(sum(j.allocated_yuan), 0) >= a.amount_yuan)
        or (coalesce(bool_or(j.allocated_yuan_at_least), false) and coalesce(sum(j.allocated_yuan), 0) <= a.amount_yuan)
            as is_open
    from touched_county as c
    inner join core.fund_allocation as a on c.county_code = a.county_code
    left join core.fund_project as j on a.county_code = j.county_code and a.doc_no = j.alloc_doc
    group by a.county_code, a.year, a.doc_no, a.amount_yuan, a.amount_yuan_at_least
)

select
    county_code,
    year::text as period,
    sum(project_yuan) as left_value,
    sum(amount_yuan) as right_value,
    concat_ws(
        '；',
        audit.told(
            '项目资金之和与文件金额不一致的下达文件：',
            array_agg(
                concat(doc_no, '（文件 ', trim_scale(amount_yuan), ' 元，项目 ', trim_scale(project_yuan), ' 元）')
            ) filter (where project_yuan <> amount_yuan and not is_open)
        )
    ) as detail
from letter
group by county_code, year
