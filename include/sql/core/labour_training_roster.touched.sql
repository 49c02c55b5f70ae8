-- audit.touched_period: people on a roster count in the month their class starts; every class they may be of is due.
-- Those that no class of their very number dates make figures unknown in every month of the years they may be of:
-- that of their number or statement, and of others those on record.
-- grain: one row a county and month. reads: changed or staging.labour_training_roster, core.labour_training_class,
-- audit.year_stated, load/years_on_record.sql.
insert into audit.touched_period (county_code, month, dataset)
with roster as (
    select distinct
        s.county_code,
        s.class_key,
        regexp_replace(s.class_key, '^(19|20)[0-9][0-9]-', '') as number,
        coalesce(
            substring(s.class_key from '^((?:19|20)[0-9][0-9])-')::integer,
            extract(year from s.version at time zone 'Asia/Shanghai')::integer
        ) as year
    from {rows} as s
    where ({of_rows})
),

undated as (
    select
        r.county_code,
        r.class_key,
        r.year
    from roster as r
    left join core.labour_training_class as k on r.county_code = k.county_code and r.class_key = k.class_key
    where k.class_key is null
),

year_on_record as ({years_on_record}),

year_unknown as (
    select
        u.county_code,
        u.year
    from undated as u
    union
    select
        u.county_code,
        r.year
    from undated as u
    inner join audit.year_stated as t
        on u.county_code = t.county_code and t.dataset = 'labour_training_roster' and u.class_key = t.item
    inner join year_on_record as r on t.year = r.year
)

select
    k.county_code,
    date_trunc('month', k.start_date)::date as month,
    %(dataset)s as dataset
from roster as r
inner join core.labour_training_class as k
    on r.county_code = k.county_code and r.number = regexp_replace(k.class_key, '^(19|20)[0-9][0-9]-', '')
union
select
    y.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from year_unknown as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
