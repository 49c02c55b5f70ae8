-- Files of a release as they were first written.
-- grain: one row a file. reads: publish.document.
select
    d.file_name,
    d.sha256,
    d.software
from publish.document as d
where d.county_code = %(county_code)s and d.release_id = %(release_id)s
order by d.file_name
