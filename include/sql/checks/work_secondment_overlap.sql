-- zh: 同一人的挂职或派驻时间不重叠
-- en: the terms of a seconded person do not overlap
-- left_zh: 在册派驻记录数
-- left_en: terms on record
-- right_zh: 其中不与本人其他记录重叠的记录数
-- right_en: of which overlap no other term of the same person
-- datasets: [work_secondment]
-- grain: one row a county
-- reads: touched_county, core.work_secondment, audit.batch
with term as (
    select
        s.county_code,
        s.person_key,
        s.started_on,
        coalesce(s.ended_on, 'infinity'::date) as ended_on,
        s.batch_id,
        s.row_no,
        -- where months are typed, a term ends on the last day of the month whose first day the next begins on
        case
            when date_trunc('month', s.ended_on + 1)::date = s.ended_on + 1 then date_trunc('month', s.ended_on)::date
        end as handed_over_on
    from touched_county as c
    inner join core.work_secondment as s on c.county_code = s.county_code
),

judged as (
    select
        t.county_code,
        t.batch_id,
        t.row_no,
        bool_or(
            o.row_no is not null
            and not coalesce(t.handed_over_on = o.started_on and o.started_on > t.started_on, false)
            and not coalesce(o.handed_over_on = t.started_on and t.started_on > o.started_on, false)
        ) as is_overlapping
    from term as t
    left join term as o
        on
            t.county_code = o.county_code
            and t.person_key = o.person_key
            and (t.batch_id, t.row_no) <> (o.batch_id, o.row_no)
            and t.ended_on >= o.started_on
            and t.started_on <= o.ended_on
    group by t.county_code, t.batch_id, t.row_no
)

select
    j.county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where not j.is_overlapping) as right_value,
    concat_ws(
        '；',
        audit.told(
            '时间与同一人其他记录重叠的行：',
            array_agg(
                concat(regexp_replace(b.uri, '^inbox:[0-9]{6}/', ''), ' 第 ', j.row_no, ' 行')
            ) filter (where j.is_overlapping)
        )
    ) as detail
from judged as j
inner join audit.batch as b on j.county_code = b.county_code and j.batch_id = b.batch_id
group by j.county_code
