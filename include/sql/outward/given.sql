-- townships' counts as they were given out before, every edition of them.
-- grain: one row an edition, indicator and township. reads: publish.town_figure.
select
    t.edition_no,
    t.indicator_id,
    t.breakdown,
    t.value
from publish.town_figure as t
where t.county_code = %(county_code)s and t.period = %(period)s
order by t.edition_no, t.indicator_id, t.breakdown
