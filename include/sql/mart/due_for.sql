-- due_for: the periods one indicator is computed for: those touched, and those it has no final value for yet:
-- none at all, one that is not reported, or one as of a day before the period's end (the cut-off may have moved).
-- A split is computed for all periods of its years: a member that is new, or gone, changes every one of them.
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
    d.period_kind = any(%(kinds)s)
    and (
        d.is_touched
        or %(is_split)s
        or not exists (
            select 1
            from mart.indicator_value as v
            where
                v.county_code = d.county_code
                and v.period_kind = d.period_kind
                and v.period = d.period
                and v.indicator_id = %(probe_id)s
                and v.breakdown = ''
                and v.value is not null
                and v.as_of = d.last_day
        )
    )
