-- How far some platforms have been loaded.
-- grain: one row a county and stream. reads: audit.watermark, parameters.
select
    w.stream,
    w.covered_from,
    w.covered_to
from unnest(%(counties)s::char(6)[], %(streams)s::text[]) as p (county_code, stream)
inner join audit.watermark as w on p.county_code = w.county_code and p.stream = w.stream
where w.source = %(source)s
