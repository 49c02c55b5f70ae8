-- enterprise_held: firms that have landed by each period's last day, with the stage stated last up to that day.
-- A firm of which nothing was stated yet by then has no stage.
-- grain: one row a county, period and firm. reads: period, enterprise_landed, enterprise_statement.
select distinct on (p.county_code, p.period_kind, p.period, l.firm_id)
    p.county_code,
    p.period_kind,
    p.period,
    l.firm_id,
    s.stage,
    s.is_east_backed,
    coalesce(s.batch_id, l.batch_id) as batch_id,
    coalesce(s.row_no, l.row_no) as row_no
from period as p
inner join enterprise_landed as l on p.county_code = l.county_code and p.last_day >= l.landed_on
left join enterprise_statement as s
    on l.county_code = s.county_code and l.firm_id = s.firm_id and p.last_day >= s.stated_on
order by p.county_code, p.period_kind, p.period, l.firm_id, s.stated_on desc nulls last
