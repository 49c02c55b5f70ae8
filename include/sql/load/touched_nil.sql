-- audit.touched_period: a month of which a delivery says that nothing is new in it.
-- grain: one row a county and month. reads: parameters.
insert into audit.touched_period (county_code, month, dataset)
values (%(county_code)s, date_trunc('month', %(day)s::date)::date, %(dataset)s)
