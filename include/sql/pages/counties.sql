-- Every county at a glance: up to when it has figures, and how much waits for somebody.
-- grain: one row a county. reads: core.county, mart.indicator_value, audit.quarantine, audit.alert.
with figure as (
    select
        v.county_code,
        max(v.as_of) as as_of
    from mart.indicator_value as v
    where v.breakdown = '' and v.period_kind = 'year_to_date' and v.value is not null
    group by v.county_code
),

held as (
    select
        q.county_code,
        count(distinct q.row_id) as rows_waiting
    from audit.quarantine as q
    where q.state = 'open'
    group by q.county_code
),

trouble as (
    select
        a.county_code,
        count(*) filter (where a.kind not in ('delivery_warned', 'quarantine_growing')) as troubles,
        count(*) filter (where a.kind = 'arrival_missed') as overdue
    from audit.alert as a
    where a.resolved_at is null
    group by a.county_code
)

select
    c.county_code,
    c.county_name,
    c.city_name,
    c.province_name,
    f.as_of,
    coalesce(h.rows_waiting, 0) as rows_waiting,
    coalesce(t.troubles, 0) as troubles,
    coalesce(t.overdue, 0) as overdue
from core.county as c
left join figure as f on c.county_code = f.county_code
left join held as h on c.county_code = h.county_code
left join trouble as t on c.county_code = t.county_code
where
    c.county_code = any(%(counties)s)
    and (%(named)s = '' or strpos(c.county_code || c.county_name || c.city_name || c.province_name, %(named)s) > 0)
order by coalesce(t.overdue, 0) desc, coalesce(h.rows_waiting, 0) desc, c.county_code
limit
    %(most)s
    offset %(after)s
