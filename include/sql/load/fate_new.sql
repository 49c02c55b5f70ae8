-- staging.<dataset>: what is neither stored nor outdated is loaded.
-- grain: one row a source row. reads: the same table.
update {staging}
set fate = 'loaded'
where county_code = %(county_code)s and batch_id = %(batch_id)s and fate is null
