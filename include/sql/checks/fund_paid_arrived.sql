-- zh: 支付金额不超过到位资金（逐项目和全年合计）
-- en: what was paid does not exceed what arrived, project by project and over the year
-- left_zh: 有支付明细且写明到位资金的项目的支付合计（元）
-- left_en: payments of the projects that have any and state what arrived, in yuan
-- right_zh: 这些项目的到位资金合计（元）
-- right_en: money arrived of these projects, in yuan
-- datasets: [fund_payment, fund_project, fund_allocation]
-- grain: one row a county and year
-- reads: touched_county, core.fund_payment, core.fund_project, core.fund_allocation
with paid as (
    select
        c.county_code,
        y.project_no,
        sum(y.amount_yuan) as paid_yuan
    from touched_county as c
    inner join core.fund_payment as y on c.county_code = y.county_code
    group by c.county_code, y.project_no
)

select
    p.county_code,
    a.year::text as period,
    sum(p.paid_yuan) as left_value,
    sum(j.arrived_yuan) as right_value,
    concat_ws(
        '；',
        audit.told(
            '支付金额超过到位资金的项目：',
            array_agg(
                concat(j.project_no, '（支付 ', trim_scale(p.paid_yuan), ' 元，到位 ', trim_scale(j.arrived_yuan), ' 元）')
            ) filter (where p.paid_yuan > j.arrived_yuan and not j.arrived_yuan_at_least)
        ),
        case
            when sum(p.paid_yuan) > sum(j.arrived_yuan) and not bool_or(j.arrived_yuan_at_least)
                then '全年支付合计超过到位资金合计'
        end
    ) as detail
from paid as p
inner join core.fund_project as j on p.county_code = j.county_code and p.project_no = j.project_no
inner join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
where j.arrived_yuan is not null
group by p.county_code, a.year
