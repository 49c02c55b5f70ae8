-- mart.indicator_value: writes the figures of the periods just computed; an unchanged value is not touched.
-- Nothing to count in a reported period is 0; a period no accepted delivery speaks of is not reported, and what rows
-- that stray into one add up to is a lower bound. So is what is counted beside rows that could not be joined; where
-- there is nothing beside them, nothing is known.
-- What a register said last holds until it says otherwise: a stock is reported from its first register on; what a later
-- register tells of a time before it is a lower bound, since it need not list what had ended by then.
-- A member of a split that no file foresees has its zeros in the years of a county that have it at all.
-- A year is spoken of up to its own deliveries' last day (docs/decisions/0036).
-- grain: one row a county, period, indicator and township. reads: due_for, figure, wanted, audit.coverage.
insert into mart.indicator_value as v (
    county_code, period_kind, period, indicator_id, breakdown, value, unit, qualifier, as_of
)
with asked_year as (
    select distinct
        county_code,
        extract(year from first_day)::integer as year
    from due_for
    where header_id = %(header_id)s
),

member_year as (
    select distinct
        f.county_code,
        f.period as year_text,
        f.indicator_id
    from figure as f
    inner join wanted as w on f.indicator_id = w.indicator_id
    where w.header_id = %(header_id)s and not w.is_foreseen and f.period_kind = 'year'
),

spoken_of as (
    select
        y.county_code,
        y.year,
        max(c.covers_from) filter (where c.year = y.year) as covers_from,
        max(c.covers_to) filter (where c.year = y.year) as covers_to,
        max(c.covers_to) filter (where c.year <= y.year) as known_to
    from asked_year as y
    left join audit.coverage as c on y.county_code = c.county_code and c.dataset = %(dataset)s
    group by y.county_code, y.year
),

stated as (
    select
        p.county_code,
        p.period_kind,
        p.period,
        w.indicator_id,
        coalesce(f.breakdown, '') as breakdown,
        coalesce(
            f.value,
            case
                when f.is_unjoined then null
                when c.covers_from <= p.first_day and c.covers_to >= p.first_day then 0
                when %(is_stock)s and c.known_to is not null then 0
            end
        ) as value,
        coalesce(f.is_at_least, false)
        or (
            f.value is not null
            and not case
                when %(is_stock)s then c.known_to is not null
                else coalesce(c.covers_from <= p.first_day and c.covers_to >= p.first_day, false)
            end
        ) as is_at_least,
        least(p.last_day, coalesce(c.covers_to, c.known_to, p.last_day)) as as_of
    from due_for as p
    inner join spoken_of as c on p.county_code = c.county_code and extract(year from p.first_day) = c.year
    inner join wanted as w on p.header_id = w.header_id
    left join figure as f
        on
            p.county_code = f.county_code
            and p.period_kind = f.period_kind
            and p.period = f.period
            and w.indicator_id = f.indicator_id
    left join member_year as y
        on p.county_code = y.county_code and left(p.period, 4) = y.year_text and w.indicator_id = y.indicator_id
    where p.header_id = %(header_id)s and (w.is_foreseen or y.county_code is not null)
)

select
    county_code,
    period_kind,
    period,
    indicator_id,
    breakdown,
    value,
    %(unit)s as unit,
    case
        when value is null then 'not_reported'
        when is_at_least then 'at_least'
        else 'exact'
    end as qualifier,
    as_of
from stated
on conflict (county_code, period_kind, period, indicator_id, breakdown) do update set
    value = excluded.value,
    unit = excluded.unit,
    qualifier = excluded.qualifier,
    as_of = excluded.as_of
where (
    v.value, v.unit, v.qualifier, v.as_of
) is distinct from (
    excluded.value, excluded.unit, excluded.qualifier, excluded.as_of
)
