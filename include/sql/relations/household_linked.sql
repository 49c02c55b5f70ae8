-- household_linked: each household linked in a period once, at the link that states the most people.
-- Ties go to the latest link, then the later version, then the smaller row digest. The township is that row's.
-- grain: one row a county, period and household. reads: period, core.sales_household.
select distinct on (p.county_code, p.period_kind, p.period, h.household_no)
    p.county_code,
    p.period_kind,
    p.period,
    h.household_no,
    h.town as town_code,
    h.people,
    h.batch_id,
    h.row_no
from period as p
inner join core.sales_household as h
    on p.county_code = h.county_code and h.linked_on between p.first_day and p.last_day
order by
    p.county_code, p.period_kind, p.period, h.household_no,
    h.people desc nulls last, h.linked_on desc, h.version desc, h.row_hash asc
