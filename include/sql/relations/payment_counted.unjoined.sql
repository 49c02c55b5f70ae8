-- payment_counted where it has no payment: those of projects that no letter dates, and in the year they were made those
-- of projects that are on no ledger, or that name none.
-- grain: one row a county, period and payment. reads: period, project_counted, core.fund_payment, core.fund_project.
select
    j.county_code,
    j.period_kind,
    j.period,
    j.town_code,
    j.fund_level,
    m.amount_yuan,
    m.batch_id,
    m.row_no
from project_counted as j
inner join core.fund_payment as m
    on j.county_code = m.county_code and j.project_no = m.project_no and j.last_day >= m.paid_on
union all
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    null as fund_level,
    m.amount_yuan,
    m.batch_id,
    m.row_no
from period as p
inner join core.fund_payment as m
    on p.county_code = m.county_code and m.paid_on between date_trunc('year', p.first_day)::date and p.last_day
left join core.fund_project as j on m.county_code = j.county_code and m.project_no = j.project_no
where j.project_no is null
