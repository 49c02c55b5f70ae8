-- mart.indicator_value: drops township rows that the periods just computed no longer have, and all rows of
-- a member of a split that no file foresees in years that no longer have it.
-- grain: one row a county, period, indicator and township. reads: due_for, figure, wanted.
delete from mart.indicator_value as v
using due_for as p, wanted as w
where
    p.header_id = %(header_id)s
    and w.header_id = %(header_id)s
    and v.county_code = p.county_code
    and v.period_kind = p.period_kind
    and v.period = p.period
    and v.indicator_id = w.indicator_id
    and (
        (
            v.breakdown <> ''
            and not exists (
                select 1
                from figure as f
                where
                    f.county_code = v.county_code
                    and f.period_kind = v.period_kind
                    and f.period = v.period
                    and f.indicator_id = v.indicator_id
                    and f.breakdown = v.breakdown
            )
        )
        or (
            not w.is_foreseen
            and not exists (
                select 1
                from figure as y
                where
                    y.county_code = v.county_code
                    and y.period_kind = 'year'
                    and y.period = left(v.period, 4)
                    and y.indicator_id = v.indicator_id
            )
        )
    )
