-- audit.inbox_file: forgets files that are no more, and those that could not be told from a changed one.
-- grain: one row a file. reads: parameters.
delete from audit.inbox_file as f
using unnest(%(counties)s::char(6)[], %(places)s::text[]) as w (county_code, place)
where f.county_code = w.county_code and f.place = w.place
