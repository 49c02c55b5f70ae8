-- spell_started: every spell that starts in each period, with the day and place that tell an organised batch.
-- Destination, eastern and lifted are told as placement_counted tells them of the one spell at which a person counts.
-- grain: one row a county, period and spell. reads: period, eastern_province, core.labour_placement, core.county.
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
    s.row_no,
    s.work_province_code in (select e.province_code from eastern_province as e) as is_eastern,
    case s.work_province_code
        when c.paired_province_code then 'paired'
        when c.province_code then 'home'
        else 'other'
    end as destination,
    coalesce(
        s.household_type = 'lifted' or (s.household_type = 'monitored' and s.monitor_class = 'unstable'), false
    ) as is_lifted
from period as p
inner join core.labour_placement as s
    on p.county_code = s.county_code and s.started_on between p.first_day and p.last_day
inner join core.county as c on p.county_code = c.county_code
