-- audit.touched_period: people on a roster count in the month their class starts; every class they may be of is due.
-- grain: one row a county and month. reads: changed or staging.labour_training_roster, core.labour_training_class.
insert into audit.touched_period (county_code, month, dataset)
select distinct
    k.county_code,
    date_trunc('month', k.start_date)::date as month,
    %(dataset)s as dataset
from {rows} as s
inner join core.labour_training_class as k
    on
        s.county_code = k.county_code
        and regexp_replace(s.class_key, '^(19|20)[0-9][0-9]-', '')
        = regexp_replace(k.class_key, '^(19|20)[0-9][0-9]-', '')
where ({of_rows})
