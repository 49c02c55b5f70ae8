-- trainee_counted: the one roster row at which a person counts in each period: that of the latest class to start in it.
-- Ties go to the later version, then the smaller row digest. Lifted and township are that row's.
-- grain: one row a county, period and person. reads: period, roster_class.
select distinct on (p.county_code, p.period_kind, p.period, r.person_key)
    p.county_code,
    p.period_kind,
    p.period,
    r.person_key,
    r.town as town_code,
    r.is_employed,
    r.batch_id,
    r.row_no,
    coalesce(
        r.household_type = 'lifted' or (r.household_type = 'monitored' and r.monitor_class = 'unstable'), false
    ) as is_lifted
from period as p
inner join roster_class as r
    on p.county_code = r.county_code and r.start_date between p.first_day and p.last_day
order by
    p.county_code, p.period_kind, p.period, r.person_key,
    r.start_date desc, r.version desc, r.row_hash asc
