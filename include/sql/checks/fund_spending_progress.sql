-- zh: 当年项目资金支付进度达到序时提示值
-- en: the year's projects are paid as far as the thresholds expect
-- severity: warns
-- left_zh: 截至月末对当年项目的累计支付（元）
-- left_en: paid to the year's projects up to the month's end, in yuan
-- right_zh: 截至月末应达到的累计支付（元）
-- right_en: what is expected to be paid by then, in yuan
-- datasets: [fund_payment, fund_project, fund_allocation]
-- grain: one row a county and month that a threshold names and payments are spoken of
-- reads: touched_county, core.threshold, core.fund_payment, core.fund_project, core.fund_allocation, audit.coverage
with project as (
    select
        c.county_code,
        a.year,
        j.project_no,
        j.allocated_yuan
    from touched_county as c
    inner join core.fund_project as j on c.county_code = j.county_code
    inner join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
),

allocated as (
    select
        county_code,
        year,
        sum(allocated_yuan) as allocated_yuan
    from project
    group by county_code, year
),

compared as (
    select
        a.county_code,
        a.year,
        a.allocated_yuan,
        t.expected_pct,
        e.month_end
    from allocated as a
    inner join core.threshold as t on a.county_code = t.county_code and t.kind = 'spending_progress'
    cross join
        lateral (
            values ((make_date(a.year::integer, t.month, 1) + interval '1 month' - interval '1 day')::date)
        ) as e (month_end)
    inner join audit.coverage as v
        on a.county_code = v.county_code and a.year = v.year and v.dataset = 'fund_payment'
    where e.month_end between t.valid_from and least(v.covers_to, coalesce(t.valid_to, v.covers_to))
),

paid as (
    select
        m.county_code,
        m.month_end,
        m.allocated_yuan,
        m.expected_pct,
        coalesce(sum(y.amount_yuan) filter (where j.project_no is not null), 0) as paid_yuan
    from compared as m
    left join core.fund_payment as y on m.county_code = y.county_code and m.month_end >= y.paid_on
    left join project as j on y.county_code = j.county_code and y.project_no = j.project_no and m.year = j.year
    group by m.county_code, m.month_end, m.allocated_yuan, m.expected_pct
)

select
    county_code,
    to_char(month_end, 'YYYY-MM') as period,
    paid_yuan as left_value,
    round(allocated_yuan * expected_pct / 100, 2) as right_value,
    case
        when paid_yuan * 100 >= allocated_yuan * expected_pct then ''
        else concat(
            '截至月末已支付安排资金的 ', trim_scale(round(100 * paid_yuan / nullif(allocated_yuan, 0), 2)), '%，提示值为 ',
            trim_scale(expected_pct), '%'
        )
    end as detail
from paid
