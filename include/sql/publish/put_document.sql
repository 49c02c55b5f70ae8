-- publish.document: what a file of a release was when it was first written; one that is noted stays.
-- grain: one row a file. reads: nothing.
insert into publish.document (county_code, release_id, file_name, sha256, software)
values (%s, %s, %s, %s, %s)
on conflict (county_code, release_id, file_name) do nothing
