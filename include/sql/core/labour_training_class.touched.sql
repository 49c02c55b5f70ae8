-- audit.touched_period: a class that comes, goes or moves may change which class the rosters of its number are of, and
-- whether they are of any: the years they may have been of are figured anew.
-- grain: one row a county and month. reads: changed or staging.labour_training_class, core.labour_training_class,
-- core.labour_training_roster, audit.year_stated, load/years_on_record.sql.
insert into audit.touched_period (county_code, month, dataset)
with class as (
    select distinct
        s.county_code,
        regexp_replace(s.class_key, '^(19|20)[0-9][0-9]-', '') as number
    from {rows} as s
    where ({of_rows})
),

roster as (
    select distinct
        r.county_code,
        r.class_key
    from class as c
    inner join core.labour_training_roster as r
        on c.county_code = r.county_code and c.number = regexp_replace(r.class_key, '^(19|20)[0-9][0-9]-', '')
),

year_on_record as ({years_on_record}),

year_unknown as (
    select
        r.county_code,
        y.year
    from roster as r
    inner join audit.year_stated as t
        on r.county_code = t.county_code and t.dataset = 'labour_training_roster' and r.class_key = t.item
    inner join year_on_record as y
        on y.year in (t.year, substring(r.class_key from '^((?:19|20)[0-9][0-9])-')::integer)
)

select
    other.county_code,
    date_trunc('month', other.start_date)::date as month,
    %(dataset)s as dataset
from class as c
inner join core.labour_training_class as other
    on c.county_code = other.county_code and c.number = regexp_replace(other.class_key, '^(19|20)[0-9][0-9]-', '')
union
select
    y.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from year_unknown as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
