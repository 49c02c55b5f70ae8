-- placement_counted: the one spell at which a person counts in each period: the latest to start in it.
-- Ties go to the later version, then the smaller row digest. Destination, lifted and township are that spell's.
-- grain: one row a county, period and person. reads: period, eastern_province, core.labour_placement, core.county.
select distinct on (p.county_code, p.period_kind, p.period, s.person_key)
    p.county_code,
    p.period_kind,
    p.period,
    s.person_key,
    s.town as town_code,
    s.household_type,
    s.monitor_class,
    s.is_low_income,
    s.is_disabled,
    s.is_relocated,
    s.channel,
    s.is_organised,
    s.months_worked,
    s.is_stable_3m,
    s.is_stable_6m,
    s.work_province,
    s.work_city,
    s.work_county,
    s.work_place,
    c.paired_county_name,
    c.paired_city_name,
    c.paired_province_name,
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
order by
    p.county_code, p.period_kind, p.period, s.person_key,
    s.started_on desc, s.version desc, s.row_hash asc
