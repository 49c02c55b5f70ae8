-- audit.touched_period: a class that comes, goes or moves may change which class the rosters of its number are of.
-- grain: one row a county and month. reads: changed or staging.labour_training_class, core.labour_training_class.
insert into audit.touched_period (county_code, month, dataset)
select distinct
    other.county_code,
    date_trunc('month', other.start_date)::date as month,
    %(dataset)s as dataset
from {rows} as s
inner join core.labour_training_class as other
    on
        s.county_code = other.county_code
        and regexp_replace(s.class_key, '^(19|20)[0-9][0-9]-', '')
        = regexp_replace(other.class_key, '^(19|20)[0-9][0-9]-', '')
where ({of_rows})
