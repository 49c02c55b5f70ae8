-- enterprise_stated: of the firms that landed in a period, what was stated last up to the period's end.
-- grain: one row a county, period and firm. reads: period, enterprise_landed, enterprise_statement.
select distinct on (p.county_code, p.period_kind, p.period, s.firm_id)
    p.county_code,
    p.period_kind,
    p.period,
    s.firm_id,
    s.actual_yuan,
    s.actual_yuan_at_least as is_at_least,
    s.jobs,
    s.jobs_lifted,
    s.agreed_yuan,
    s.agreed_yuan_at_least,
    s.projects,
    s.is_east,
    s.is_paired,
    s.batch_id,
    s.row_no
from period as p
inner join enterprise_landed as l
    on p.county_code = l.county_code and l.landed_on between p.first_day and p.last_day
inner join enterprise_statement as s
    on l.county_code = s.county_code and l.firm_id = s.firm_id and p.last_day >= s.stated_on
order by p.county_code, p.period_kind, p.period, s.firm_id, s.stated_on desc
