-- audit.touched_period: a statement about a firm may move it to another month, and away from the one it was in.
-- So the months touched are those of every statement of the same firm, old and new: its landing and its own day. Whether it
-- still stands, and how, is told of every later month: those from the first of these days on, in the years on record.
-- A firm is the same by credit code; one stated without a code is the firm of that name that has one.
-- grain: one row a county and month. reads: changed or staging.work_enterprise, core.work_enterprise,
-- load/years_on_record.sql.
insert into audit.touched_period (county_code, month, dataset)
with changed_county as (
    select distinct s.county_code
    from {rows} as s
    where ({of_rows})
),

statement as (
    select
        s.county_code,
        s.uscc,
        s.firm_norm,
        s.landed_on,
        s.stated_on,
        true as is_changed
    from {rows} as s
    where ({of_rows})
    union all
    select
        e.county_code,
        e.uscc,
        e.firm_norm,
        e.landed_on,
        e.stated_on,
        false as is_changed
    from changed_county as c
    inner join core.work_enterprise as e on c.county_code = e.county_code
),

code_of_name as (
    select
        county_code,
        firm_norm,
        min(uscc) as uscc
    from statement
    where uscc is not null
    group by county_code, firm_norm
),

firm_statement as (
    select
        s.county_code,
        coalesce(s.uscc, n.uscc, s.firm_norm) as firm_id,
        s.landed_on,
        s.stated_on,
        s.is_changed
    from statement as s
    left join code_of_name as n on s.county_code = n.county_code and s.firm_norm = n.firm_norm
),

firm_day as (
    select
        f.county_code,
        d.day
    from firm_statement as f
    cross join lateral (values (f.landed_on), (f.stated_on)) as d (day)
    where
        d.day is not null
        and exists (
            select 1
            from firm_statement as c
            where c.is_changed and c.county_code = f.county_code and c.firm_id = f.firm_id
        )
),

since as (
    select
        county_code,
        min(day) as first_day
    from firm_day
    group by county_code
),

year_on_record as ({years_on_record})

select
    county_code,
    date_trunc('month', day)::date as month,
    %(dataset)s as dataset
from firm_day
union
select
    t.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from since as t
cross join year_on_record as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
where m.month + interval '1 month' > t.first_day
