-- zh: 财政资金不列入社会帮扶资金
-- en: fiscal money is never among donations
-- left_zh: 当年捐赠合计（元）
-- left_en: the year's donations, in yuan
-- right_zh: 其中不涉及财政资金的合计（元）
-- right_en: of which nothing says fiscal money, in yuan
-- datasets: [fund_donation, fund_allocation, fund_payment]
-- grain: one row a county and year
-- reads: touched_county, core.fund_donation, core.fund_allocation, core.fund_payment
with judged as (
    select
        d.county_code,
        d.donated_on,
        d.receipt_no,
        d.total_yuan,
        concat_ws('', d.donor_name, d.purpose, d.use_status) ~ '财政(帮扶|专项|补助|衔接|协作|拨款|资金)'
        or exists (
            select 1
            from core.fund_allocation as a
            where a.county_code = d.county_code and a.doc_no = d.receipt_no
        )
        or exists (
            select 1
            from core.fund_payment as y
            where y.county_code = d.county_code and y.pay_no = d.receipt_no and y.amount_yuan = d.total_yuan
        ) as is_fiscal
    from touched_county as c
    inner join core.fund_donation as d on c.county_code = d.county_code
)

select
    county_code,
    extract(year from donated_on)::text as period,
    sum(total_yuan) as left_value,
    coalesce(sum(total_yuan) filter (where not is_fiscal), 0) as right_value,
    concat_ws('；', audit.told('疑似财政资金的捐赠票据：', array_agg(receipt_no) filter (where is_fiscal))) as detail
from judged
group by county_code, extract(year from donated_on)
