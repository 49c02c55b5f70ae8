-- audit.run: lines of runs long past.
-- grain: one row a county, run, stage and part. reads: parameters.
delete from audit.run
where started_at < %(before_at)s
returning county_code
