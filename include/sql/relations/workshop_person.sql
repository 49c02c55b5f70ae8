-- workshop_person: people who worked in a workshop for three months of a year or for 5,000 yuan, each once in a period.
-- Of every workshop and year the roster stated last by the period's end holds. Where it gives no months, they are those
-- from the first day at work (of the year) to the last, or to the day of the roster. Of a person's rows the one stated
-- last counts, then the later version, then the smaller row digest.
-- grain: one row a county, period and person. reads: period, core.labour_workshop_roster.
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
)

select distinct on (c.county_code, c.period_kind, c.period, r.person_key)
    c.county_code,
    c.period_kind,
    c.period,
    r.person_key,
    r.town as town_code,
    r.batch_id,
    r.row_no,
    coalesce(
        r.household_type = 'lifted' or (r.household_type = 'monitored' and r.monitor_class = 'unstable'), false
    ) as is_lifted
from chosen as c
inner join core.labour_workshop_roster as r
    on c.county_code = r.county_code and c.workshop_norm = r.workshop_norm and c.stated_on = r.stated_on
where
    coalesce(
        r.months_worked >= 3,
        least(r.ended_on, r.stated_on) + interval '1 day'
        >= greatest(r.started_on, date_trunc('year', r.stated_on)::date) + interval '3 months'
        and r.started_on is not null,
        false
    )
    or r.pay_year_yuan >= 5000
order by
    c.county_code, c.period_kind, c.period, r.person_key,
    r.stated_on desc, r.version desc, r.row_hash asc
