-- What stands at the top of the overview: the indicators with a target of the year; where a county has none, all that
-- are no part of another.
-- grain: one row an indicator. reads: mart.progress, mart.outlook, mart.indicator, mart.indicator_value.
select
    p.indicator_id,
    i.name_zh,
    i.name_en,
    i.unit,
    p.month_value,
    p.year_to_date,
    v.qualifier,
    p.target,
    p.completion_pct,
    p.last_year_value,
    p.change_pct,
    o.forecast,
    o.basis,
    o.outlook,
    o.move_zh
from mart.progress as p
inner join mart.indicator as i on p.indicator_id = i.indicator_id
inner join mart.indicator_value as v
    on
        p.county_code = v.county_code
        and v.period_kind = 'year_to_date'
        and p.period = v.period
        and p.indicator_id = v.indicator_id
        and v.breakdown = ''
left join mart.outlook as o
    on p.county_code = o.county_code and p.period = o.period and p.indicator_id = o.indicator_id
where
    p.county_code = %(county_code)s
    and p.period = %(period)s
    and (
        p.target is not null
        or (
            p.indicator_id not like '%%.%%'
            and not exists (
                select 1
                from mart.target as t
                where t.county_code = %(county_code)s and t.year = left(%(period)s, 4)::integer
            )
        )
    )
order by p.indicator_id
