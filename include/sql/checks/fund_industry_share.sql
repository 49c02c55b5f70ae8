-- zh: 当年安排用于产业的资金占比达到提示值
-- en: the share of the year's money that goes to industry is as the thresholds expect
-- severity: warns
-- left_zh: 安排用于产业类别项目的资金（元）
-- left_en: money allocated to industry projects, in yuan
-- right_zh: 按提示值应安排的资金（元）
-- right_en: what the threshold expects, in yuan
-- datasets: [fund_project, fund_allocation]
-- grain: one row a county and year that a threshold is valid at the end of
-- reads: touched_county, core.threshold, core.category, core.fund_project, core.fund_allocation
with letter as (
    select
        c.county_code,
        a.year,
        a.doc_no,
        a.amount_yuan,
        t.categories,
        t.expected_pct
    from touched_county as c
    inner join core.fund_allocation as a on c.county_code = a.county_code
    inner join core.threshold as t
        on
            a.county_code = t.county_code
            and t.kind = 'industry_share'
            and make_date(a.year::integer, 12, 31) >= t.valid_from
            and make_date(a.year::integer, 12, 31) <= coalesce(t.valid_to, make_date(a.year::integer, 12, 31))
),

industry as (
    select
        a.county_code,
        a.year,
        a.expected_pct,
        sum(p.allocated_yuan) as industry_yuan
    from letter as a
    inner join core.fund_project as p
        on a.county_code = p.county_code and a.doc_no = p.alloc_doc
    left join core.category as g
        on
            p.county_code = g.county_code
            and p.category = g.category
            and a.year between g.first_year and coalesce(g.last_year, a.year)
    where p.category = any(a.categories) or (a.categories = '{}' and g.is_industry)
    group by a.county_code, a.year, a.expected_pct
),

allocated as (
    select
        a.county_code,
        a.year,
        a.expected_pct,
        sum(a.amount_yuan) as year_yuan
    from letter as a
    group by a.county_code, a.year, a.expected_pct
),

compared as (
    select
        a.county_code,
        a.year,
        a.expected_pct,
        a.year_yuan,
        coalesce(i.industry_yuan, 0) as industry_yuan
    from allocated as a
    left join industry as i
        on a.county_code = i.county_code and a.year = i.year and a.expected_pct = i.expected_pct
)

select
    county_code,
    year::text as period,
    industry_yuan as left_value,
    round(year_yuan * expected_pct / 100, 2) as right_value,
    case
        when industry_yuan * 100 >= year_yuan * expected_pct then ''
        else concat(
            '产业资金占当年下达资金的 ', trim_scale(round(100 * industry_yuan / nullif(year_yuan, 0), 2)), '%，提示值为 ',
            trim_scale(expected_pct), '%'
        )
    end as detail
from compared
