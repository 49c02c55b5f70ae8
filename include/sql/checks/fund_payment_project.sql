-- zh: 每笔支付都对应一个在册项目
-- en: every payment is for a project on record
-- left_zh: 当年支付明细合计（元）
-- left_en: the year's payments, in yuan
-- right_zh: 其中对应在册项目的合计（元）
-- right_en: of which for a project on record, in yuan
-- datasets: [fund_payment, fund_project]
-- grain: one row a county and year
-- reads: touched_county, core.fund_payment, core.fund_project
with payment as (
    select
        c.county_code,
        extract(year from y.paid_on)::text as period,
        y.pay_no,
        y.project_no,
        y.amount_yuan,
        j.project_no is not null as is_known
    from touched_county as c
    inner join core.fund_payment as y on c.county_code = y.county_code
    left join core.fund_project as j on y.county_code = j.county_code and y.project_no = j.project_no
)

select
    county_code,
    period,
    sum(amount_yuan) as left_value,
    coalesce(sum(amount_yuan) filter (where is_known), 0) as right_value,
    case
        when bool_and(is_known) then ''
        else concat(
            count(*) filter (where not is_known), ' 笔支付共 ', trim_scale(sum(amount_yuan) filter (where not is_known)),
            ' 元没有对应的在册项目，未计入项目的累计支付；',
            audit.told(
                '没有对应项目的支付凭证：',
                array_agg(pay_no || coalesce('（项目编号 ' || project_no || '）', '（未填项目编号）')) filter (where not is_known)
            )
        )
    end as detail
from payment
group by county_code, period
