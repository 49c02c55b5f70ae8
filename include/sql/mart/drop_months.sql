-- audit.month_figure: drops what months just read no longer have a row of.
-- grain: one row a county, indicator, month and township. reads: drained, month_read.
with gone as (
    select
        m.county_code,
        m.indicator_id,
        m.month,
        m.breakdown
    from drained as d
    inner join audit.month_figure as m
        on d.county_code = m.county_code and d.month = m.month and m.indicator_id = any(%(indicator_ids)s)
    left join month_read as r
        on
            m.county_code = r.county_code
            and to_char(m.month, 'YYYY-MM') = r.period
            and m.indicator_id = r.indicator_id
            and m.breakdown = r.breakdown
    where d.dataset = any(%(datasets)s) and r.county_code is null
)

delete from audit.month_figure as m
using gone as g
where
    m.county_code = g.county_code
    and m.indicator_id = g.indicator_id
    and m.month = g.month
    and m.breakdown = g.breakdown
