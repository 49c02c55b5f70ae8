-- zh: 没有捐赠方、日期、金额和物资都相同而票据号不同的捐赠
-- en: no two receipts are of the same donor, day, amounts and goods
-- severity: warns
-- left_zh: 当年单位捐赠笔数
-- left_en: donations of organisations in the year
-- right_zh: 按捐赠方、日期、金额和物资去重的笔数
-- right_en: donations distinct by donor, day, amounts and goods
-- datasets: [fund_donation]
-- grain: one row a county and year
-- reads: touched_county, core.fund_donation
with donation as (
    select
        c.county_code,
        d.donated_on,
        count(*) as times,
        string_agg(d.receipt_no, '／' order by d.receipt_no) as numbers
    from touched_county as c
    inner join core.fund_donation as d on c.county_code = d.county_code
    where d.donor_name <> '个人' -- individuals are not told apart
    group by
        c.county_code, d.donor_name, d.donated_on, coalesce(d.cash_yuan, 0), coalesce(d.goods_value_yuan, 0),
        coalesce(d.goods_name, ''), coalesce(d.recipient, '')
)

select
    county_code,
    extract(year from donated_on)::text as period,
    sum(times) as left_value,
    count(*) as right_value,
    concat_ws('；', audit.told('内容相同的捐赠票据：', array_agg(numbers) filter (where times > 1))) as detail
from donation
group by county_code, extract(year from donated_on)
