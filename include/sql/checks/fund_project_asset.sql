-- zh: 已完工（验收）的项目在资产台账中有资产
-- en: projects that are finished or accepted have assets on record
-- severity: warns
-- left_zh: 已完工（验收）的项目资金合计（元）
-- left_en: money of projects finished or accepted, in yuan
-- right_zh: 其中有在册资产的项目资金合计（元）
-- right_en: of which of projects with assets on record, in yuan
-- datasets: [fund_project, fund_asset]
-- grain: one row a county that keeps a ledger of assets
-- reads: touched_county, core.fund_project, core.fund_asset
with keeper as (
    select distinct
        a.county_code,
        a.project_no
    from touched_county as c
    inner join core.fund_asset as a on c.county_code = a.county_code
),

finished as (
    select
        p.county_code,
        p.project_no,
        p.project_name,
        p.allocated_yuan,
        k.project_no is not null as has_asset
    from core.fund_project as p
    left join keeper as k on p.county_code = k.county_code and p.project_no = k.project_no
    where
        p.county_code in (select q.county_code from keeper as q)
        and coalesce(p.finished_on, p.accepted_on) is not null
)

select
    county_code,
    '' as period,
    sum(allocated_yuan) as left_value,
    coalesce(sum(allocated_yuan) filter (where has_asset), 0) as right_value,
    concat_ws(
        '；',
        audit.told(
            '已完工（验收）但没有登记资产的项目（补助、培训类项目可不形成资产，请核对）：',
            array_agg(project_no || ' ' || project_name) filter (where not has_asset)
        )
    ) as detail
from finished
group by county_code
