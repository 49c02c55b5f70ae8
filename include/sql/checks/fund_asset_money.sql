-- zh: 项目形成的资产原值不超过该项目的资金
-- en: the assets that a project formed are worth no more than its money
-- left_zh: 在册资产原值合计（元）
-- left_en: original value of the assets on record, in yuan
-- right_zh: 其中有在册项目且不超过其资金的合计（元）
-- right_en: of which within the money of a project on record, in yuan
-- datasets: [fund_asset, fund_project]
-- grain: one row a county
-- reads: touched_county, core.fund_asset, core.fund_project
with formed as (
    select
        a.county_code,
        a.project_no,
        sum(a.value_yuan) as value_yuan
    from touched_county as c
    inner join core.fund_asset as a on c.county_code = a.county_code
    group by a.county_code, a.project_no
),

compared as (
    select
        f.county_code,
        f.project_no,
        f.value_yuan,
        greatest(p.planned_yuan, p.allocated_yuan) as money_yuan,
        p.project_no is null as is_unknown
    from formed as f
    left join core.fund_project as p on f.county_code = p.county_code and f.project_no = p.project_no
)

select
    county_code,
    '' as period,
    sum(value_yuan) as left_value,
    coalesce(sum(least(value_yuan, money_yuan)) filter (where not is_unknown), 0) as right_value,
    concat_ws(
        '；',
        audit.told(
            '资产原值超过项目资金的项目：',
            array_agg(
                concat(project_no, '（资产 ', trim_scale(value_yuan), ' 元，项目 ', trim_scale(money_yuan), ' 元）')
            ) filter (where value_yuan > money_yuan)
        ),
        audit.told('没有在册项目的资产，项目编号：', array_agg(project_no) filter (where is_unknown))
    ) as detail
from compared
group by county_code
