-- audit.alert: troubles resolved long ago.
-- grain: one row a trouble. reads: parameters.
delete from audit.alert
where resolved_at < %(before_at)s
returning county_code
