-- rate_value: what rates are in the periods in which a side of theirs was just counted, from the figures as they stand
-- now. Not known where either side is not, where there is nothing to be a share of, and where the whole is a lower bound:
-- of that a share says nothing. A township that its numerator does not list has nothing of it, where others have.
-- is_stated: whether there is such a figure; what no longer is one is listed to be dropped.
-- grain: one row a county, period, rate and township. reads: rate, due_for, mart.indicator_value.
insert into rate_value (
    county_code, period_kind, period, indicator_id, breakdown, value, qualifier, as_of, is_stated
)
with asked as materialized (
    select distinct
        p.county_code,
        p.period_kind,
        p.period,
        r.indicator_id,
        r.numerator_id,
        r.denominator_id
    from rate as r
    inner join due_for as p
        on p.header_id in (r.numerator_header, r.denominator_header) and p.period_kind = any(r.kinds)
),

-- each side by its own key, as the table has no statistics yet of what this build wrote; then laid together by sorting
side as (
    select
        a.indicator_id,
        'numerator' as side,
        v.county_code,
        v.period_kind,
        v.period,
        v.breakdown,
        v.value,
        v.qualifier,
        v.as_of
    from asked as a
    inner join mart.indicator_value as v
        on
            a.county_code = v.county_code
            and a.period_kind = v.period_kind
            and a.period = v.period
            and a.numerator_id = v.indicator_id
    union all
    select
        a.indicator_id,
        'denominator' as side,
        v.county_code,
        v.period_kind,
        v.period,
        v.breakdown,
        v.value,
        v.qualifier,
        v.as_of
    from asked as a
    inner join mart.indicator_value as v
        on
            a.county_code = v.county_code
            and a.period_kind = v.period_kind
            and a.period = v.period
            and a.denominator_id = v.indicator_id
    union all
    select
        a.indicator_id,
        'rate' as side,
        v.county_code,
        v.period_kind,
        v.period,
        v.breakdown,
        null as value,
        null as qualifier,
        null as as_of
    from asked as a
    inner join mart.indicator_value as v
        on
            a.county_code = v.county_code
            and a.period_kind = v.period_kind
            and a.period = v.period
            and a.indicator_id = v.indicator_id
),

laid_together as (
    select
        indicator_id,
        county_code,
        period_kind,
        period,
        breakdown,
        bool_or(side = 'numerator') as has_numerator,
        bool_or(side = 'denominator') as has_denominator,
        max(value) filter (where side = 'numerator') as numerator,
        max(value) filter (where side = 'denominator') as denominator,
        coalesce(bool_or(qualifier = 'at_least') filter (where side = 'numerator'), false) as is_at_least,
        coalesce(bool_or(qualifier = 'at_least') filter (where side = 'denominator'), false) as is_share_unknown,
        min(as_of) as as_of
    from side
    group by indicator_id, county_code, period_kind, period, breakdown
),

placed as (
    select
        indicator_id,
        county_code,
        period_kind,
        period,
        breakdown,
        has_numerator,
        has_denominator,
        is_at_least,
        is_share_unknown,
        denominator,
        case
            when has_numerator then numerator
            when bool_or(has_numerator and breakdown <> '') over of_period then 0
        end as numerator,
        min(as_of) over of_period as as_of
    from laid_together
    window of_period as (partition by indicator_id, county_code, period_kind, period)
),

divided as (
    select
        indicator_id,
        county_code,
        period_kind,
        period,
        breakdown,
        has_numerator,
        has_denominator,
        is_at_least,
        as_of,
        case when not is_share_unknown then round(100 * numerator / nullif(denominator, 0), 4) end as value
    from placed
)

select
    county_code,
    period_kind,
    period,
    indicator_id,
    breakdown,
    value,
    case
        when value is null then 'not_reported'
        when is_at_least then 'at_least'
        else 'exact'
    end as qualifier,
    as_of,
    has_denominator and case when breakdown = '' then has_numerator else value is not null end as is_stated
from divided
