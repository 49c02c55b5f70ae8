-- roster_class: the one class each roster row is of, and with it the day it counts from.
-- A class is found by number. Numbers begin anew each year: a year that both state is the same year, but for a
-- roster handed in at most a quarter after the class began, over the turn of the year. Then the name decides, then
-- nearness: the latest class to start on or before the roster was stated, else the first one after.
-- grain: one row a roster row with a class. reads: period, core.labour_training_roster,
-- core.labour_training_class.
select distinct on (r.county_code, r.reporting_unit, r.class_key, r.person_key)
    r.county_code,
    r.person_key,
    r.town,
    r.household_type,
    r.monitor_class,
    r.is_employed,
    r.version,
    r.row_hash,
    r.batch_id,
    r.row_no,
    c.class_key as of_class_key,
    c.class_norm as of_class_norm,
    c.start_date
from (
    select
        county_code,
        reporting_unit,
        class_key,
        class_norm,
        person_key,
        town,
        household_type,
        monitor_class,
        is_employed,
        version,
        row_hash,
        batch_id,
        row_no,
        regexp_replace(class_key, '^(19|20)[0-9]{2}-', '') as number,
        (version at time zone 'Asia/Shanghai')::date as stated_on
    from core.labour_training_roster
    where county_code in (select p.county_code from period as p)
) as r
inner join core.labour_training_class as c
    on
        r.county_code = c.county_code
        and r.number = regexp_replace(c.class_key, '^(19|20)[0-9]{2}-', '')
        and (
            r.class_key = c.class_key
            or r.class_key = r.number
            or r.number = c.class_key
            or c.start_date between r.stated_on - 92 and r.stated_on
        )
order by
    r.county_code, r.reporting_unit, r.class_key, r.person_key,
    r.class_key = c.class_key desc,
    r.class_norm <> '' and r.class_norm = c.class_norm desc,
    c.start_date <= r.stated_on desc,
    abs(c.start_date - r.stated_on) asc,
    c.start_date desc
