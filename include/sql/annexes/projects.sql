-- zh: 财政帮扶资金项目情况表
-- en: projects of fiscal aid
-- order: 2
-- spans: {year: year}
-- relations: [project_counted]
-- wide: true
-- grain: one row a project of the year's allocation letters
-- reads: period, project_counted, core.fund_project, core.fund_payment, audit.coverage, core.division, mart.indicator
-- columns:
--   project_no: {zh: 项目编号, kind: text}
--   project_name: {zh: 项目名称, kind: text}
--   category: {zh: 类别, kind: text}
--   town: {zh: 实施地点, kind: text}
--   allocated_yuan: {zh: 安排资金, kind: money, unit: 元, total: true, at_least: is_allocated_open}
--   arrived_yuan: {zh: 到位资金, kind: money, unit: 元, total: true, at_least: is_arrived_open}
--   paid_yuan: {zh: 累计支付, kind: money, unit: 元, total: true}
--   households: {zh: 受益户数, kind: count, unit: 户, total: true}
--   people: {zh: 受益人口, kind: count, unit: 人, total: true}
--   progress_status: {zh: 项目进度, kind: text}
-- note_zh: 累计支付按支付台账计算；受益户数、人口为各项目台账所列，项目之间可能重复；没有对应下达文件的项目不在表内。
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
    j.project_no as row_key,
    j.project_no,
    j.project_name,
    coalesce(i.name_zh, j.category) as category,
    d.division_name as town,
    j.allocated_yuan,
    j.allocated_yuan_at_least as is_allocated_open,
    j.arrived_yuan,
    j.arrived_yuan_at_least as is_arrived_open,
    coalesce(m.paid_yuan, s.nothing) as paid_yuan,
    j.households,
    j.people,
    j.progress_status
from project_counted as c
inner join core.fund_project as j on c.county_code = j.county_code and c.project_no = j.project_no
left join core.division as d on j.county_code = d.county_code and coalesce(j.village, j.town) = d.division_code
left join paid as m on j.county_code = m.county_code and j.project_no = m.project_no
left join spoken as s on j.county_code = s.county_code
left join mart.indicator as i on i.indicator_id = 'FUN1.' || j.category
order by j.category, row_key
