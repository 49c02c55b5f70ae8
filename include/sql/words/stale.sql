-- Counties whose words waiting are to be looked at again: more deliveries or decisions are on record than at the last look.
-- Counted, not timed: a clock that stands still tells nothing apart.
-- grain: one row a county. reads: audit.batch, audit.word, audit.delivery_decision, audit.word_waiting.
with record as (
    select b.county_code
    from audit.batch as b
    where %(county_code)s::text is null or b.county_code = %(county_code)s
    union all
    select w.county_code
    from audit.word as w
    where %(county_code)s::text is null or w.county_code = %(county_code)s
    union all
    select d.county_code
    from audit.delivery_decision as d
    where %(county_code)s::text is null or d.county_code = %(county_code)s
),

counted as (
    select
        r.county_code,
        count(*) as seen
    from record as r
    group by r.county_code
)

select
    c.county_code,
    c.seen
from counted as c
left join audit.word_waiting as k on c.county_code = k.county_code
where k.seen is distinct from c.seen
order by c.county_code
