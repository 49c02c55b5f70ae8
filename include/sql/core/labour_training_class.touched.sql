-- audit.touched_period: a class that comes, goes or moves may change which class the rosters of its number are of.
-- grain: one row a county and month. reads: changed, core.labour_training_class.
insert into audit.touched_period (county_code, month)
select distinct
    other.county_code,
    date_trunc('month', other.start_date)::date as month
from changed as c
inner join core.labour_training_class as other
    on
        c.county_code = other.county_code
        and regexp_replace(c.class_key, '^(19|20)[0-9]{2}-', '')
        = regexp_replace(other.class_key, '^(19|20)[0-9]{2}-', '')
