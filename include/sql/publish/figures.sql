-- figures of one county and period as published, beside the year's target and the same period a year earlier.
-- A target is of the year: what is compared with it is the year so far, also in a month's summary.
-- A year earlier is told where this one goes into the period's last month and that one is whole: known exactly, by ledgers that go to the end of that period or by a release;
-- mart.progress has the same rule.
-- grain: one row an indicator and township. reads: mart.indicator_value, mart.indicator, mart.target, publish.figure.
select
    v.indicator_id,
    v.breakdown,
    v.value,
    v.unit,
    v.qualifier,
    v.as_of,
    t.target,
    round(100 * y.value / nullif(t.target, 0), 2) as completion_pct,
    l.value as last_year,
    l.qualifier as last_year_qualifier,
    coalesce(i.name_zh, v.indicator_id) as name_zh
from mart.indicator_value as v
left join mart.indicator as i on v.indicator_id = i.indicator_id
left join mart.indicator_value as l
    on
        v.county_code = l.county_code
        and v.period_kind = l.period_kind
        and l.period = %(last_period)s
        and v.indicator_id = l.indicator_id
        and v.breakdown = l.breakdown
        and v.unit = l.unit
        and l.qualifier = 'exact'
        and v.as_of > %(last_day)s::date + interval '1 year - 31 days'
        and (
            l.as_of >= %(last_day)s
            or exists (
                select 1
                from publish.figure as r
                where
                    r.county_code = l.county_code
                    and r.period_kind = l.period_kind
                    and r.period = l.period
                    and r.indicator_id = l.indicator_id
                    and r.breakdown = l.breakdown
                    and r.value = l.value
            )
        )
left join mart.target as t
    on
        v.county_code = t.county_code
        and t.year = left(v.period, 4)::bigint
        and v.indicator_id = t.indicator_id
        and v.breakdown = ''
left join mart.indicator_value as y
    on
        v.county_code = y.county_code
        and y.period_kind = case v.period_kind when 'month' then 'year_to_date' else v.period_kind end
        and v.period = y.period
        and v.indicator_id = y.indicator_id
        and v.breakdown = y.breakdown
        and t.target is not null
where
    v.county_code = %(county_code)s
    and v.period_kind = %(period_kind)s
    and v.period = %(period)s
order by v.indicator_id, v.breakdown
