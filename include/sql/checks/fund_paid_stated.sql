-- zh: 项目台账所填累计支付等于支付明细之和
-- en: what a project says was paid is the sum of its payments
-- left_zh: 项目台账所填累计支付合计（元）
-- left_en: money paid as the projects state it, in yuan
-- right_zh: 这些项目的支付明细合计（元）
-- right_en: payments of these projects, in yuan
-- datasets: [fund_project, fund_payment, fund_allocation]
-- grain: one row a county and year
-- reads: touched_county, core.fund_project, core.fund_payment, core.fund_allocation
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
    sum(j.paid_yuan) as left_value,
    sum(p.paid_yuan) as right_value,
    concat_ws(
        '；',
        audit.told(
            '累计支付与支付明细不一致的项目：',
            array_agg(
                concat(j.project_no, '（台账 ', trim_scale(j.paid_yuan), ' 元，明细 ', trim_scale(p.paid_yuan), ' 元）')
            ) filter (
                where
                p.paid_yuan < j.paid_yuan
                or (p.paid_yuan > j.paid_yuan and not j.paid_yuan_at_least)
            )
        )
    ) as detail
from paid as p
inner join core.fund_project as j on p.county_code = j.county_code and p.project_no = j.project_no
inner join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
where j.paid_yuan is not null
group by p.county_code, a.year
