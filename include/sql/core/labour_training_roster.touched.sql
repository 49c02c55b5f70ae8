-- audit.touched_period: people on a roster count in the month their class starts; every class they may be of is due.
-- grain: one row a county and month. reads: changed, core.labour_training_class.
insert into audit.touched_period (county_code, month)
select distinct
    k.county_code,
    date_trunc('month', k.start_date)::date as month
from changed as c
inner join core.labour_training_class as k
    on
        c.county_code = k.county_code
        and regexp_replace(c.class_key, '^(19|20)[0-9]{2}-', '')
        = regexp_replace(k.class_key, '^(19|20)[0-9]{2}-', '')
