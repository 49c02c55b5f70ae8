-- wanted: members of a split that no file foresees: a county's own category, counted now or having had a value. What
-- another file states under the same beginning (a part, a rate, a split of a part) is none.
-- grain: one row an indicator. reads: figure, due_for, wanted, mart.indicator_value.
insert into wanted (header_id, indicator_id, is_foreseen)
select
    %(header_id)s as header_id,
    m.indicator_id,
    false as is_foreseen
from (
    select f.indicator_id
    from figure as f
    where starts_with(f.indicator_id, %(prefix)s)
    union
    select v.indicator_id
    from due_for as p
    inner join mart.indicator_value as v
        on
            p.county_code = v.county_code
            and p.period_kind = v.period_kind
            and p.period = v.period
            and v.breakdown = ''
    where p.header_id = %(header_id)s and starts_with(v.indicator_id, %(prefix)s)
) as m
left join wanted as w on m.indicator_id = w.indicator_id and w.header_id = %(header_id)s
where
    w.indicator_id is null
    and m.indicator_id <> all(%(others)s::text[])
    and not exists (
        select 1
        from unnest(%(splits)s::text[]) as s (prefix)
        where starts_with(m.indicator_id, s.prefix)
    )
