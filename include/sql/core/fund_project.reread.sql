-- audit.category_told: what batches said that are about to be read again is said anew then.
-- grain: one row a county, project and feed. reads: core.fund_project.
delete from audit.category_told as t
using {core} as c
where
    c.county_code = %(county_code)s
    and c.batch_id = any(%(batches)s::text[])
    and t.county_code = c.county_code
    and t.project_no = c.project_no
    and t.version = c.version
    and t.version_tie = c.version_tie
