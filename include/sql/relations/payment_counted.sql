-- payment_counted: what was paid, up to each period's last day, for the projects that the period counts.
-- A payment is of the year of its project's letter: what is paid later for it is of no other year; several years have it all.
-- grain: one row a county, period and payment. reads: project_counted, core.fund_payment.
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
