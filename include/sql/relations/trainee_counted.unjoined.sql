-- trainee_counted where it has no trainee: people on rosters of no class on record, in every period of the years that
-- the rosters may be of: that of their number, or of a class that began up to a quarter before they were stated; where
-- the number tells none, the years in which deliveries stated them.
-- grain: one row a county, period and roster row. reads: period, roster_class, core.labour_training_roster,
-- audit.year_stated.
with undated as (
    select
        r.county_code,
        r.class_key,
        r.person_key,
        r.town,
        r.household_type,
        r.monitor_class,
        r.batch_id,
        r.row_no,
        (r.version at time zone 'Asia/Shanghai')::date as stated_on,
        substring(r.class_key from '^((?:19|20)[0-9]{2})-')::integer as named_year
    from core.labour_training_roster as r
    left join roster_class as c
        on r.county_code = c.county_code and r.batch_id = c.batch_id and r.row_no = c.row_no
    where c.row_no is null and r.county_code in (select p.county_code from period as p)
),

possible as (
    select
        u.county_code,
        u.class_key,
        u.named_year as year
    from undated as u
    where u.named_year is not null
    union
    select
        u.county_code,
        u.class_key,
        u.named_year - 1 as year
    from undated as u
    where u.named_year = extract(year from u.stated_on) and u.named_year > extract(year from u.stated_on - 92)
    union
    select
        u.county_code,
        u.class_key,
        t.year
    from undated as u
    inner join audit.year_stated as t
        on u.county_code = t.county_code and t.dataset = 'labour_training_roster' and u.class_key = t.item
    where u.named_year is null
)

select
    p.county_code,
    p.period_kind,
    p.period,
    u.person_key,
    u.town as town_code,
    u.batch_id,
    u.row_no,
    coalesce(
        u.household_type = 'lifted' or (u.household_type = 'monitored' and u.monitor_class = 'unstable'), false
    ) as is_lifted
from period as p
inner join possible as y
    on
        p.county_code = y.county_code
        and y.year between extract(year from p.first_day) and extract(year from p.last_day)
inner join undated as u on y.county_code = u.county_code and y.class_key = u.class_key
