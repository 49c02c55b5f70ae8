-- what becomes of the rows of a batch: how many rows and yuan by fate and by the month they count in.
-- A row that is no exception within its batch is looked up by its key: one that is not stored is new; a changed one
-- replaces what is stored, a restated one becomes its evidence (docs/decisions/0003).
-- Days are grouped before they are made months: they are few.
-- grain: one row a fate and month. reads: staging.<dataset>, core.<dataset>.
select
    t.fate,
    date_trunc('month', t.day)::date as month,
    sum(t.row_count)::bigint as row_count,
    sum(t.yuan) as yuan,
    max(t.version) as version
from (
    select
        case
            when s.fate is not null then s.fate
            when c.row_no is null then 'new'
            when {s_restates_c} then 'restated'
            when c.row_hash = s.row_hash then 'unchanged'
            when {s_changes_c} then 'changed'
            else 'superseded'
        end as fate,
        {day_of_s} as day,
        count(*) as row_count,
        coalesce(sum({yuan_of_s}), 0) as yuan,
        max(s.version) as version
    from {staging} as s
    left join {core} as c on s.fate is null and {s_is_c}
    where s.county_code = %(county_code)s and s.batch_id = %(batch_id)s
    group by 1, 2
) as t
group by t.fate, date_trunc('month', t.day)::date -- noqa: AM06, numbers stand for a long case above
