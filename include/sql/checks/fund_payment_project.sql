-- zh: 每笔支付都对应一个在册项目
-- en: every payment is for a project on record
-- left_zh: 当年支付明细合计（元）
-- left_en: the year's payments, in yuan
-- right_zh: 其中对应在册项目的合计（元）
-- right_en: of which for a project on record, in yuan
-- datasets: [fund_payment, fund_project]
-- grain: one row a county and year
-- reads: touched_county, core.fund_payment, core.fund_project
select
    c.county_code,
    extract(year from y.paid_on)::text as period,
    sum(y.amount_yuan) as left_value,
    coalesce(sum(y.amount_yuan) filter (where j.project_no is not null), 0) as right_value,
    concat_ws(
        '；',
        audit.told(
            '没有对应项目的支付凭证：',
            array_agg(
                y.pay_no || coalesce('（项目编号 ' || y.project_no || '）', '（未填项目编号）')
            ) filter (where j.project_no is null)
        )
    ) as detail
from touched_county as c
inner join core.fund_payment as y on c.county_code = y.county_code
left join core.fund_project as j on y.county_code = j.county_code and y.project_no = j.project_no
group by c.county_code, extract(year from y.paid_on)
