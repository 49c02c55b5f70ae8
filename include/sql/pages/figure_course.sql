-- how a figure went, beside the year before: through the months of a year, or of years one after another. A township
-- without a row of its own has 0 where its county has a value.
-- grain: one row a period. reads: mart.indicator_value.
select
    v.period,
    l.qualifier as last_qualifier,
    case when v.value is null or %(town)s = '' then v.value else coalesce(t.value, 0) end as value,
    case when v.value is null or %(town)s = '' then v.qualifier else coalesce(t.qualifier, 'exact') end as qualifier,
    case when l.value is null or %(town)s = '' then l.value else coalesce(lt.value, 0) end as last_value
from mart.indicator_value as v
left join mart.indicator_value as t
    on
        v.county_code = t.county_code
        and v.period_kind = t.period_kind
        and v.period = t.period
        and v.indicator_id = t.indicator_id
        and t.breakdown = %(town)s
left join mart.indicator_value as l
    on
        v.county_code = l.county_code
        and v.period_kind = l.period_kind
        and l.period = (left(v.period, 4)::integer - 1)::text || substr(v.period, 5)
        and v.indicator_id = l.indicator_id
        and v.unit = l.unit
        and l.breakdown = ''
left join mart.indicator_value as lt
    on
        l.county_code = lt.county_code
        and l.period_kind = lt.period_kind
        and l.period = lt.period
        and l.indicator_id = lt.indicator_id
        and lt.breakdown = %(town)s
where
    v.county_code = %(county_code)s
    and v.period_kind = %(period_kind)s
    and v.period between %(first)s and %(last)s
    and v.indicator_id = %(indicator_id)s
    and v.breakdown = ''
order by v.period
