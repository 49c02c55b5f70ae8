-- zh: 月历
-- en: months, to join figures with dates and to fill gaps in a series
-- grain: one row a month of 1996 to 2060
-- reads: nothing
-- columns:
--   period: 月份; key of the month in mart.indicator_value, like 2022-09
--   year: 年度; year
--   quarter: 季度; 1 to 4
--   month_no: 月; 1 to 12
--   first_day: 首日; first day
--   last_day: 末日; last day
select
    to_char(m.month, 'YYYY-MM') as period,
    extract(year from m.month)::integer as year,
    extract(quarter from m.month)::integer as quarter,
    extract(month from m.month)::integer as month_no,
    m.month::date as first_day,
    (m.month + interval '1 month' - interval '1 day')::date as last_day
from generate_series(timestamp '1996-01-01', timestamp '2060-12-01', interval '1 month') as m (month)
