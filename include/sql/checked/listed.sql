-- Findings of checks and what people said to them, those that hold left out; with the words under which each is answered.
-- grain: one row a finding. reads: audit.reconciliation, audit.check_definition, audit.check_answer.
select
    r.county_code,
    r.check_id,
    r.period,
    d.check_zh,
    r.status,
    r.left_value,
    r.right_value,
    r.detail,
    a.answer_zh,
    a.answered_by,
    a.answered_at,
    e.earlier
from audit.reconciliation as r
left join audit.check_definition as d on r.check_id = d.check_id
left join lateral (
    select
        o.answer_zh,
        o.answered_by,
        o.answered_at
    from audit.check_answer as o
    where
        o.county_code = r.county_code
        and o.check_id = r.check_id
        and o.period = r.period
        and o.finding = md5(concat_ws('|', r.left_value, r.right_value, r.detail))
    order by o.answered_at desc
    limit 1
) as a on true
left join lateral (
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object('answer_zh', o.answer_zh, 'answered_by', o.answered_by, 'answered_at', o.answered_at)
                order by o.answered_at
            ), '[]'
        ) as earlier
    from audit.check_answer as o
    where
        o.county_code = r.county_code
        and o.check_id = r.check_id
        and o.period = r.period
        and o.finding <> md5(concat_ws('|', r.left_value, r.right_value, r.detail))
) as e on true
where
    r.status in ('differs', 'warns')
    and (%(county_code)s::text is null or r.county_code = %(county_code)s)
order by r.county_code, r.check_id, r.period
