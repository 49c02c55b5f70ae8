-- publish.town_figure: townships' counts as they are given out now.
-- grain: one row an indicator and township. reads: parameters.
insert into publish.town_figure (
    county_code, period, edition_no, indicator_id, breakdown, value, release_id, given_at
)
select
    %(county_code)s as county_code,
    %(period)s as period,
    %(edition_no)s as edition_no,
    t.indicator_id,
    t.breakdown,
    t.value,
    %(release_id)s as release_id,
    %(given_at)s as given_at
from unnest(%(indicators)s::text[], %(towns)s::text[], %(values)s::numeric[]) as t (indicator_id, breakdown, value)
