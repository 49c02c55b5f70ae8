-- audit.month_figure: what the rows of the months just read add to an additive indicator.
-- grain: one row a county, indicator, month and township. reads: month_read.
insert into audit.month_figure as m (county_code, indicator_id, month, breakdown, value, is_at_least)
select
    county_code,
    indicator_id,
    (period || '-01')::date as month,
    breakdown,
    value,
    coalesce(is_at_least, false) as is_at_least
from month_read
on conflict (county_code, indicator_id, month, breakdown) do update set
    value = excluded.value,
    is_at_least = excluded.is_at_least
where (m.value, m.is_at_least) is distinct from (excluded.value, excluded.is_at_least)
