-- student_counted: people at schools in the east whose time there touches each period, with what happened in it.
-- Lifted and township are those of the row; a person with two of them counts by each.
-- grain: one row a county, period, person, school and entry. reads: period, core.labour_student.
select
    p.county_code,
    p.period_kind,
    p.period,
    s.town as town_code,
    s.person_key,
    s.is_in_programme,
    s.is_employed,
    s.batch_id,
    s.row_no,
    s.entered_on >= p.first_day as is_new,
    coalesce(s.graduated_on, p.last_day) >= p.last_day as is_studying,
    coalesce(s.graduated_on <= p.last_day, false) as is_graduate,
    coalesce(
        s.household_type = 'lifted' or (s.household_type = 'monitored' and s.monitor_class = 'unstable'), false
    ) as is_lifted
from period as p
inner join core.labour_student as s
    on
        p.county_code = s.county_code
        and p.last_day >= s.entered_on
        and coalesce(s.graduated_on, p.first_day) >= p.first_day
