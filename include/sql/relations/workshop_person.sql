-- workshop_person: people who worked in one workshop for three months of a year or for 5,000 yuan, each once in a period.
-- Of every workshop and year the roster stated last by the period's end holds. Where it gives no months, they are those
-- from the first day at work (of the year) to the last, or to the day of the roster. Of whom a row says neither months,
-- pay nor a first day may count or not: is_counted is null, unless another row of the person counts. Workshops are not
-- added up, since what stands under 年收入 or 累计务工时间 may be the person's whole year already (0059).
-- Of a person's rows the one stated last counts, then the later version, then the smaller row digest. A period in whose
-- last year no roster was stated by its end has one row of nobody, which may count too: nothing is known of it yet.
-- grain: one row a county, period and person, or nobody. reads: period, core.labour_workshop_roster.
with chosen as (
    select
        p.county_code,
        p.period_kind,
        p.period,
        r.workshop_norm,
        max(r.stated_on) as stated_on
    from period as p
    inner join core.labour_workshop_roster as r
        on p.county_code = r.county_code and r.stated_on between p.first_day and p.last_day
    group by p.county_code, p.period_kind, p.period, r.workshop_norm, extract(year from r.stated_on)
),

judged as (
    select
        c.county_code,
        c.period_kind,
        c.period,
        r.person_key,
        r.town as town_code,
        r.batch_id,
        r.row_no,
        r.stated_on,
        r.version,
        r.row_hash,
        coalesce(
            r.household_type = 'lifted' or (r.household_type = 'monitored' and r.monitor_class = 'unstable'), false
        ) as is_lifted,
        case
            when coalesce(r.months_worked, r.pay_year_yuan) is not null or r.started_on is not null
                then
                    coalesce(
                        r.months_worked >= 3,
                        least(r.ended_on, r.stated_on) + interval '1 day'
                        >= greatest(r.started_on, date_trunc('year', r.stated_on)::date) + interval '3 months'
                        and r.started_on is not null,
                        false
                    )
                    or coalesce(r.pay_year_yuan >= 5000, false)
        end as is_counted
    from chosen as c
    inner join core.labour_workshop_roster as r
        on c.county_code = r.county_code and c.workshop_norm = r.workshop_norm and c.stated_on = r.stated_on
),

person as (
    select distinct on (j.county_code, j.period_kind, j.period, j.person_key)
        j.county_code,
        j.period_kind,
        j.period,
        j.person_key,
        j.town_code,
        j.batch_id,
        j.row_no,
        j.is_lifted,
        j.is_counted
    from judged as j
    where j.is_counted is not false
    order by
        j.county_code, j.period_kind, j.period, j.person_key,
        j.is_counted asc nulls last, j.stated_on desc, j.version desc, j.row_hash asc
)

select
    county_code,
    period_kind,
    period,
    person_key,
    town_code,
    batch_id,
    row_no,
    is_lifted,
    is_counted
from person
union all
select
    p.county_code,
    p.period_kind,
    p.period,
    null as person_key,
    null as town_code,
    null as batch_id,
    null as row_no,
    null as is_lifted,
    null as is_counted
from period as p
left join chosen as c
    on
        p.county_code = c.county_code
        and p.period_kind = c.period_kind
        and p.period = c.period
        and c.stated_on >= date_trunc('year', p.last_day)
where c.county_code is null
