-- zh: 红字冲销不超过该项目此前的支付
-- en: red-letter entries take back no more than was paid for their project by then
-- left_zh: 当年红字（冲销）支付合计（元）
-- left_en: the year's red-letter entries, in yuan
-- right_zh: 其中此前支付足够冲销的合计（元）
-- right_en: of which of projects that had been paid enough, in yuan
-- datasets: [fund_payment]
-- grain: one row a county and year with red-letter entries
-- reads: touched_county, core.fund_payment
with entry as (
    select
        c.county_code,
        y.project_no,
        y.paid_on,
        y.amount_yuan,
        -- payments of one day count together, whichever was entered first
        sum(y.amount_yuan) over (partition by c.county_code, y.project_no order by y.paid_on) as paid_yuan
    from touched_county as c
    inner join core.fund_payment as y on c.county_code = y.county_code
)

select
    county_code,
    extract(year from paid_on)::text as period,
    sum(amount_yuan) as left_value,
    coalesce(sum(amount_yuan) filter (where paid_yuan >= 0), 0) as right_value,
    concat_ws(
        '；',
        audit.told(
            '冲销后累计支付为负数的项目，请核对红字金额和日期：',
            array_agg(
                concat(project_no, '（截至 ', paid_on, ' 累计 ', trim_scale(paid_yuan), ' 元）')
            ) filter (where paid_yuan < 0)
        )
    ) as detail
from entry
where amount_yuan < 0
group by county_code, extract(year from paid_on)
