-- mart.indicator: an entry for members of a split that no file foresees, under the name they were typed by.
-- grain: one row an indicator. reads: wanted.
insert into mart.indicator (indicator_id, name_zh, name_en, unit, measure, source, course)
select
    indicator_id,
    substr(indicator_id, %(length)s + 1) as name_zh,
    substr(indicator_id, %(length)s + 1) as name_en,
    %(unit)s as unit,
    %(measure)s as measure,
    %(source)s as source,
    %(course)s as course
from wanted
where header_id = %(header_id)s
on conflict do nothing
