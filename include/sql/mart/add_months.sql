-- figure: an additive indicator over the periods due: the sum of what their months hold, a year's all twelve.
-- A month that only has rows of which it is not known whether they belong has no value, and is a lower bound.
-- grain: one row a county, period, indicator and township. reads: due_for, audit.month_figure.
insert into figure (dataset, county_code, period_kind, period, indicator_id, breakdown, value, is_at_least, is_unjoined)
select
    %(dataset)s as dataset,
    p.county_code,
    p.period_kind,
    p.period,
    m.indicator_id,
    m.breakdown,
    sum(m.value) as value,
    bool_or(m.is_at_least) as is_at_least,
    sum(m.value) is null and bool_or(m.is_at_least) as is_unjoined
from due_for as p
inner join audit.month_figure as m
    on p.county_code = m.county_code and m.month between p.first_day and p.last_day
where p.header_id = %(header_id)s and m.indicator_id = any(%(indicator_ids)s)
group by p.county_code, p.period_kind, p.period, m.indicator_id, m.breakdown
