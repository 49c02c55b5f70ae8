-- zh: 同一人没有同时在两家单位务工（起止时间重叠一个月以上）
-- en: nobody works for two employers at the same time, for more than a month
-- severity: warns
-- left_zh: 当年开始且写明结束时间的务工记录数
-- left_en: spells that start in the year and say when they ended
-- right_zh: 其中不与本人当年开始的另一单位的记录重叠的记录数
-- right_en: of which do not overlap a spell of the same person with another employer
-- datasets: [labour_placement]
-- by: year
-- grain: one row a county and year
-- reads: touched_year, core.labour_placement, audit.batch
with spell as (
    select
        p.county_code,
        c.year,
        p.person_key,
        p.employer_norm,
        p.started_on,
        p.ended_on,
        p.batch_id,
        p.row_no
    from touched_year as c
    inner join core.labour_placement as p
        on
            c.county_code = p.county_code
            and p.started_on between make_date(c.year, 1, 1) and make_date(c.year, 12, 31)
    where p.ended_on is not null and p.employer_norm <> ''
),

judged as (
    select
        s.county_code,
        s.year,
        s.batch_id,
        s.row_no,
        bool_or(o.person_key is not null) as is_odd
    from spell as s
    left join spell as o
        on
            s.county_code = o.county_code
            and s.year = o.year
            and s.person_key = o.person_key
            and s.employer_norm <> o.employer_norm
            and least(s.ended_on, o.ended_on) - greatest(s.started_on, o.started_on) > 31
    group by s.county_code, s.year, s.batch_id, s.row_no
)

select
    j.county_code,
    j.year::text as period,
    count(*) as left_value,
    count(*) filter (where not j.is_odd) as right_value,
    coalesce(
        audit.told(
            '重叠的行：',
            array_agg(
                concat(regexp_replace(b.uri, '^inbox:[0-9]{6}/', ''), ' 第 ', j.row_no, ' 行')
            ) filter (where j.is_odd)
        ), ''
    ) as detail
from judged as j
inner join audit.batch as b on j.county_code = b.county_code and j.batch_id = b.batch_id
group by j.county_code, j.year
