-- subsidy_counted: each person paid a subsidy for the journey once in each period, at the spell that states the most.
-- A year pays it once; ledgers repeat it at every spell. Ties go to the later version, then the smaller row digest.
-- Who was paid nothing is there too, without an amount: whether anybody was told of is seen by it.
-- grain: one row a county, period and person. reads: period, core.labour_placement.
select distinct on (p.county_code, p.period_kind, p.period, s.person_key)
    p.county_code,
    p.period_kind,
    p.period,
    s.person_key,
    s.town as town_code,
    s.transport_subsidy_yuan,
    s.batch_id,
    s.row_no
from period as p
inner join core.labour_placement as s
    on p.county_code = s.county_code and s.started_on between p.first_day and p.last_day
order by
    p.county_code, p.period_kind, p.period, s.person_key,
    s.transport_subsidy_yuan desc nulls last, s.version desc, s.row_hash asc
