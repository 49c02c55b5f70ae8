-- members of an additive split: those of the months just read, and those that other months have.
-- grain: one row an indicator. reads: month_read, drained, audit.month_figure.
with touched as (
    select distinct county_code
    from drained
)

select indicator_id
from month_read
union
select m.indicator_id
from audit.month_figure as m
inner join touched as d on m.county_code = d.county_code
where starts_with(m.indicator_id, %(prefix)s)
