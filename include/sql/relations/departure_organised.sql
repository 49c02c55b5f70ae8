-- departure_organised: spells that start in each period, with the day and place that tell an organised batch.
-- grain: one row a county, period and spell. reads: period, core.labour_placement.
select
    p.county_code,
    p.period_kind,
    p.period,
    s.town as town_code,
    s.person_key,
    s.is_organised,
    s.started_on,
    s.work_province_code,
    coalesce(s.work_city, s.work_place, '') as work_place,
    s.batch_id,
    s.row_no
from period as p
inner join core.labour_placement as s
    on p.county_code = s.county_code and s.started_on between p.first_day and p.last_day
