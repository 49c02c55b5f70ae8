-- zh: 财政帮扶资金使用进度表
-- en: how far the year's fiscal aid is allocated, arrived and paid
-- order: 1
-- spans: {month: year_to_date}
-- relations: [project_counted]
-- grain: one row a primary category of the year's projects
-- reads: period, project_counted, core.fund_project, core.fund_payment, audit.coverage, mart.indicator
-- columns:
--   name: {zh: 类别, kind: text}
--   projects: {zh: 项目（个）, kind: count, unit: 个, total: true}
--   allocated_yuan: {zh: 安排资金, kind: money, unit: 元, total: true, at_least: is_allocated_open}
--   arrived_yuan: {zh: 到位资金, kind: money, unit: 元, total: true, at_least: is_arrived_open}
--   paid_yuan: {zh: 累计支付, kind: money, unit: 元, total: true}
--   percent: {zh: 支付进度, kind: percent, unit: "%", share: [paid_yuan, allocated_yuan]}
-- note_zh: 累计支付按支付台账计算；支付进度为累计支付占安排资金的比例；没有对应下达文件的项目不在表内。
with paid as (
    select
        y.county_code,
        y.project_no,
        sum(y.amount_yuan) as paid_yuan
    from period as p
    inner join core.fund_payment as y on p.county_code = y.county_code and p.last_day >= y.paid_on
    group by y.county_code, y.project_no
),

-- without a ledger of payments nothing is known of what was paid
spoken as (
    select distinct
        p.county_code,
        0 as nothing
    from period as p
    inner join audit.coverage as v
        on p.county_code = v.county_code and v.dataset = 'fund_payment' and v.year = extract(year from p.last_day)
)

select
    j.category as row_key,
    coalesce(max(i.name_zh), j.category) as name,
    count(*) as projects,
    sum(j.allocated_yuan) as allocated_yuan,
    bool_or(j.allocated_yuan_at_least) as is_allocated_open,
    sum(j.arrived_yuan) as arrived_yuan,
    bool_or(j.arrived_yuan_at_least or j.arrived_yuan is null) as is_arrived_open,
    coalesce(sum(m.paid_yuan), max(s.nothing)) as paid_yuan,
    -- a share of an amount that may be more is not known
    case
        when not bool_or(j.allocated_yuan_at_least)
            then round(100 * coalesce(sum(m.paid_yuan), max(s.nothing)) / nullif(sum(j.allocated_yuan), 0), 2)
    end as percent
from project_counted as c
inner join core.fund_project as j on c.county_code = j.county_code and c.project_no = j.project_no
left join paid as m on j.county_code = m.county_code and j.project_no = m.project_no
left join spoken as s on j.county_code = s.county_code
left join mart.indicator as i on i.indicator_id = 'FUN1.' || j.category
group by j.category
order by allocated_yuan desc, row_key
