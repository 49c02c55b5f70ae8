-- reconciliation checks that do not hold, as far as they concern a period: its own, those of its year, those that know no
-- period at all; of a year those of its months too. A contradiction stands in every list until it is settled; one that
-- somebody has answered, as it is now, stands there with the answer.
-- grain: one row a check and whether it is answered. reads: audit.reconciliation, audit.check_definition,
-- audit.check_answer.
with open as (
    select
        r.check_id,
        r.detail,
        a.answer_zh
    from audit.reconciliation as r
    left join lateral (
        select concat(o.answer_zh, '（', o.answered_by, '）') as answer_zh
        from audit.check_answer as o
        where
            o.county_code = r.county_code
            and o.check_id = r.check_id
            and o.period = r.period
            and o.finding = md5(concat_ws('|', r.left_value, r.right_value, r.detail))
        order by o.answered_at desc
        limit 1
    ) as a on true
    where
        r.county_code = %(county_code)s
        and r.status in ('differs', 'warns')
        and (r.period in ('', %(year)s, %(period)s) or (%(period)s = %(year)s and left(r.period, 4) = %(year)s))
)

select
    o.check_id,
    coalesce(max(d.check_zh), o.check_id) as check_zh,
    o.answer_zh is not null as is_answered,
    count(*) as lines,
    left(string_agg(distinct nullif(o.detail, ''), '；' order by nullif(o.detail, '')), 200) as detail,
    string_agg(distinct o.answer_zh, '；' order by o.answer_zh) as answers
from open as o
left join audit.check_definition as d on o.check_id = d.check_id
group by o.check_id, is_answered
order by o.check_id, is_answered
