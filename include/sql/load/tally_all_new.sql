-- what becomes of the rows of a batch where the county has nothing stored, as tally.sql says it: none is looked up.
-- A statement of its own, not a condition of that join: Citus refuses a join whose condition is false at once.
-- grain: one row a fate and month. reads: staging.<dataset>, or the whole batch where rows of it are in the table.
select
    t.fate,
    date_trunc('month', t.day)::date as month,
    sum(t.row_count)::bigint as row_count,
    sum(t.yuan) as yuan,
    max(t.version) as version
from (
    select
        coalesce(s.fate, 'new') as fate,
        {day_of_s} as day,
        count(*) as row_count,
        coalesce(sum({yuan_of_s}), 0) as yuan,
        max(s.version) as version
    from {rows} as s
    where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s
    group by 1, 2
) as t
group by t.fate, date_trunc('month', t.day)::date -- noqa: AM06, numbers stand for a call above
