-- the one county and span of days that an annex is of, as relations and indicators read it.
-- grain: one row. reads: nothing.
select
    {county_code}::char(6) as county_code,
    {period_kind}::text as period_kind,
    {period}::text as period,
    {first_day}::date as first_day,
    {last_day}::date as last_day
