-- audit.category_told: what each feed last said of a project's category, also where another feed's row is the newer
-- one: core.fund_project holds one row a project, and two categories for one project are a finding.
-- grain: one row a county, project and feed. reads: staging.fund_project.
insert into audit.category_told as t (county_code, project_no, feed, category, version, version_tie)
select
    s.county_code,
    s.project_no,
    %(feed)s as feed,
    s.category,
    s.version,
    coalesce(s.version_tie, s.row_hash) as version_tie
from {rows} as s
where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s and s.fate is null
on conflict (county_code, project_no, feed) do update set
    category = excluded.category,
    version = excluded.version,
    version_tie = excluded.version_tie
where (t.version, t.version_tie) < (excluded.version, excluded.version_tie)
