-- what the office wrote for a year's report, in the order of sections as first written and of their numbers.
-- grain: one row a paragraph or figure. reads: core.work_narrative.
select
    n.section,
    n.seq,
    n.text,
    n.figure_name,
    n.value,
    n.unit,
    n.source_doc
from core.work_narrative as n
where n.county_code = %(county_code)s and n.year = %(year)s
order by n.section, n.seq
