-- enterprise_held: firms that have landed by each period's last day, with the stage stated last up to that day.
-- A firm of which nothing was stated yet by then has no stage. Output and tax are those of a year so far: what was stated
-- last in an earlier year does not know this one's.
-- grain: one row a county, period and firm. reads: period, enterprise_landed, enterprise_statement.
select distinct on (p.county_code, p.period_kind, p.period, l.firm_id)
    p.county_code,
    p.period_kind,
    p.period,
    l.firm_id,
    s.stage,
    s.is_east,
    s.is_paired,
    coalesce(s.batch_id, l.batch_id) as batch_id,
    coalesce(s.row_no, l.row_no) as row_no,
    case when s.stated_on >= date_trunc('year', p.last_day)::date then s.output_yuan end as output_yuan,
    case when s.stated_on >= date_trunc('year', p.last_day)::date then s.tax_yuan end as tax_yuan,
    coalesce(s.stated_on < date_trunc('year', p.last_day)::date, true)
    or s.output_yuan is null
    or s.output_yuan_at_least as is_output_open,
    coalesce(s.stated_on < date_trunc('year', p.last_day)::date, true)
    or s.tax_yuan is null
    or s.tax_yuan_at_least as is_tax_open
from period as p
inner join enterprise_landed as l on p.county_code = l.county_code and p.last_day >= l.landed_on
left join enterprise_statement as s
    on l.county_code = s.county_code and l.firm_id = s.firm_id and p.last_day >= s.stated_on
order by p.county_code, p.period_kind, p.period, l.firm_id, s.stated_on desc nulls last
