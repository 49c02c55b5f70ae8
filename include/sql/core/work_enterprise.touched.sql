-- audit.touched_period: a statement about a firm may move it to another month, and away from the one it was in; and a firm
-- that has landed stands, as it is stated, in every month that follows. So the months touched are those of the years on
-- record, or about to be, from the earliest day on that any statement of the same firm, old or new, tells: of its landing
-- or its own. A firm is the same by credit code; one stated without a code is the firm of that name that has one.
-- grain: one row a county and month. reads: changed or staging.work_enterprise, core.work_enterprise, audit.coverage,
-- audit.touched_period, mart.indicator_value.
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

year_on_record as (
    select year
    from audit.coverage
    where county_code = %(county_code)s
    union
    select extract(year from %(covers_to)s::date)::integer as year
    union
    select period::integer as year
    from mart.indicator_value
    where county_code = %(county_code)s and period_kind = 'year'
    union
    select extract(year from month)::integer as year
    from audit.touched_period
    where county_code = %(county_code)s
    union
    select extract(year from d.day)::integer as year
    from firm_statement as f
    cross join lateral (values (f.landed_on), (f.stated_on)) as d (day)
    where d.day is not null
),

since as (
    select
        f.county_code,
        min(least(f.landed_on, f.stated_on)) as first_day
    from firm_statement as f
    where
        exists (
            select 1
            from firm_statement as c
            where c.is_changed and c.county_code = f.county_code and c.firm_id = f.firm_id
        )
    group by f.county_code
)

select
    t.county_code,
    m.month::date as month,
    %(dataset)s as dataset
from since as t
cross join year_on_record as y
cross join
    lateral generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 1), interval '1 month') as m (month)
where m.month + interval '1 month' > t.first_day
