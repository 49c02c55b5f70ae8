-- what the figures of the periods just computed are: value, qualifier and day up to which they are known.
-- Nothing to count in a reported period is 0; a period no accepted delivery speaks of is not reported, and what rows
-- that stray into one add up to is a lower bound. So is what is counted beside rows that could not be joined; where
-- there is nothing beside them, nothing is known: neither where rows to count have no number (0059).
-- What a register said last holds until it says otherwise: a stock is reported from its first register on; what a later
-- register tells of a time before it is a lower bound, since it need not list what had ended by then (0060).
-- Several years are reported where one of them is, and a lower bound where deliveries do not speak of every earlier one as
-- a whole; the last one is judged as it is alone.
-- A member of a split that no file foresees has its zeros in the years of a county that have it at all, and in the spans
-- of years that do.
-- A year is spoken of up to its own deliveries' last day (docs/decisions/0036).
-- grain: one row a county, period, indicator and township. reads: due_for, figure, wanted, audit.coverage.
with asked_span as (
    select distinct
        county_code,
        extract(year from first_day)::integer as since,
        extract(year from last_day)::integer as year
    from due_for
    where header_id = %(header_id)s
),

member_whole as (
    select distinct
        f.county_code,
        f.period_kind as whole_kind,
        f.period as whole_period,
        f.indicator_id
    from figure as f
    inner join wanted as w on f.indicator_id = w.indicator_id
    where w.header_id = %(header_id)s and not w.is_foreseen and f.period_kind in ('year', 'cumulative')
),

spoken_of as (
    select
        y.county_code,
        y.since,
        y.year,
        max(c.covers_from) filter (where c.year = y.year) as covers_from,
        max(c.covers_to) filter (where c.year = y.year) as covers_to,
        max(c.covers_to) filter (where c.year <= y.year) as known_to,
        count(*) filter (where c.year >= y.since and c.year < y.year) as earlier_years,
        count(*) filter (
            where
            c.year >= y.since
            and c.year < y.year
            and c.covers_from <= make_date(c.year, 1, 1)
            and c.covers_to >= make_date(c.year, 12, 31)
        ) as whole_years
    from asked_span as y
    left join audit.coverage as c on y.county_code = c.county_code and c.dataset = %(dataset)s
    group by y.county_code, y.since, y.year
),

due_period as (
    select
        p.header_id,
        p.county_code,
        p.period_kind,
        p.period,
        p.last_day,
        c.covers_to,
        c.known_to,
        c.earlier_years > 0 as is_known_earlier,
        c.whole_years = c.year - c.since
        and coalesce(
            c.covers_from <= greatest(p.first_day, make_date(c.year, 1, 1))
            and c.covers_to >= greatest(p.first_day, make_date(c.year, 1, 1)),
            false
        ) as is_spoken_of,
        case p.period_kind when 'cumulative' then 'cumulative' else 'year' end as whole_kind,
        case p.period_kind when 'cumulative' then p.period else left(p.period, 4) end as whole_period
    from due_for as p
    inner join spoken_of as c
        on
            p.county_code = c.county_code
            and extract(year from p.first_day) = c.since
            and extract(year from p.last_day) = c.year
    where p.header_id = %(header_id)s
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
                when f.is_unjoined or f.is_at_least then null
                when p.is_spoken_of or p.is_known_earlier then 0
                when p.period_kind = 'cumulative' and p.covers_to is not null then 0
                when %(is_stock)s and p.known_to is not null then 0
            end
        ) as value,
        coalesce(f.is_at_least, false)
        or not (p.is_spoken_of or (%(is_stock)s and p.known_to is not null)) as is_at_least,
        least(p.last_day, coalesce(p.covers_to, p.known_to, p.last_day)) as as_of
    from due_period as p
    inner join wanted as w on p.header_id = w.header_id
    left join figure as f
        on
            p.county_code = f.county_code
            and p.period_kind = f.period_kind
            and p.period = f.period
            and w.indicator_id = f.indicator_id
    left join member_whole as y
        on
            p.county_code = y.county_code
            and p.whole_kind = y.whole_kind
            and p.whole_period = y.whole_period
            and w.indicator_id = y.indicator_id
    where w.is_foreseen or y.county_code is not null
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
