-- zh: 一张捐赠票据只登记一次
-- en: a donation receipt is entered once, however its number is typed
-- left_zh: 当年登记的捐赠票据数
-- left_en: receipts entered in the year
-- right_zh: 按票据号（不计空格、符号和大小写）去重的票据数
-- right_en: receipts distinct by number, without regard to spaces, marks and case
-- datasets: [fund_donation]
-- grain: one row a county and year
-- reads: touched_county, core.fund_donation
with receipt as (
    select
        c.county_code,
        extract(year from min(d.donated_on)) as year,
        count(distinct d.receipt_no) as times, -- a receipt may have several parts
        string_agg(distinct d.receipt_no, '／' order by d.receipt_no) as numbers
    from touched_county as c
    inner join core.fund_donation as d on c.county_code = d.county_code
    group by c.county_code, upper(regexp_replace(d.receipt_no, '[^0-9A-Za-z一-龥]', '', 'g'))
)

select
    county_code,
    year::text as period,
    sum(times) as left_value,
    count(*) as right_value,
    concat_ws('；', audit.told('重复登记的捐赠票据：', array_agg(numbers) filter (where times > 1))) as detail
from receipt
group by county_code, year
