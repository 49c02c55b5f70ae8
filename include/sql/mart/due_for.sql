-- due_for: the periods one indicator is computed for: those touched, and those it has no value for yet.
-- grain: one row an indicator file, county and period. reads: due, mart.indicator_value.
insert into due_for (header_id, county_code, period_kind, period, first_day, last_day)
select
    %(header_id)s as header_id,
    d.county_code,
    d.period_kind,
    d.period,
    d.first_day,
    d.last_day
from due as d
where
    d.is_touched
    or not exists (
        select 1
        from mart.indicator_value as v
        where
            v.county_code = d.county_code
            and v.period_kind = d.period_kind
            and v.period = d.period
            and v.indicator_id = %(probe_id)s
            and v.breakdown = ''
    )
