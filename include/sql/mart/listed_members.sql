-- figure: the categories that a county lists for a year, where no project is of them: such a year has zeros of them.
-- grain: one row a county, year and category. reads: due_for, core.category, figure.
insert into figure (dataset, county_code, period_kind, period, indicator_id, breakdown, is_at_least)
select
    %(dataset)s as dataset,
    p.county_code,
    p.period_kind,
    p.period,
    %(prefix)s || c.category as indicator_id,
    '' as breakdown,
    false as is_at_least
from due_for as p
inner join core.category as c
    on
        p.county_code = c.county_code
        and c.is_listed
        and p.period::integer between c.first_year and coalesce(c.last_year, p.period::integer)
left join figure as f
    on
        p.county_code = f.county_code
        and p.period_kind = f.period_kind
        and p.period = f.period
        and f.indicator_id = %(prefix)s || c.category
        and f.breakdown = ''
where p.header_id = %(header_id)s and p.period_kind = 'year' and f.county_code is null
