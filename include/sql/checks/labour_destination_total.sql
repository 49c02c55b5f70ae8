-- zh: 转移就业人数等于赴津、省内、其他地区之和（各期间、各乡镇，含其中脱贫人口）
-- en: LAB1 is LAB2, LAB3 and LAB4 together, in every period and township, lifted people too
-- left_zh: 转移就业人数 LAB1（全县累计或全年）
-- left_en: LAB1 of the whole county, year to date or year
-- right_zh: LAB2、LAB3、LAB4 之和
-- right_en: LAB2, LAB3 and LAB4 together
-- datasets: [labour_placement]
-- by: year
-- grain: one row a county and month (its own figures and the year to date), and one a year
-- reads: touched_year, mart.indicator_value, core.division
with summed as (
    select
        v.county_code,
        v.period_kind,
        v.period,
        v.breakdown,
        split_part(v.indicator_id, '.', 2) as part,
        coalesce(sum(v.value) filter (where v.indicator_id like 'LAB1%'), 0) as whole,
        coalesce(sum(v.value) filter (where v.indicator_id not like 'LAB1%'), 0) as parts
    from touched_year as c
    inner join mart.indicator_value as v
        on
            c.county_code = v.county_code
            -- all kinds there are: named, they let the index find the year instead of reading all years of the county
            and v.period_kind in ('month', 'year_to_date', 'year')
            and v.period between c.year::text and c.year::text || '-12'
    where v.indicator_id ~ '^LAB[1-4](\.lifted)?$' and v.value is not null
    group by v.county_code, v.period_kind, v.period, v.breakdown, split_part(v.indicator_id, '.', 2)
)

select
    s.county_code,
    s.period,
    sum(s.whole) filter (where s.period_kind <> 'month' and s.breakdown = '' and s.part = '') as left_value,
    sum(s.parts) filter (where s.period_kind <> 'month' and s.breakdown = '' and s.part = '') as right_value,
    concat_ws(
        '；',
        audit.told(
            '不等于各去向之和：',
            array_agg(
                concat(
                    case s.period_kind when 'month' then '当月' when 'year_to_date' then '累计' else '全年' end,
                    coalesce(d.division_name, '全县'),
                    case s.part when 'lifted' then '脱贫人口' else '' end,
                    '（', trim_scale(s.whole), ' 与 ', trim_scale(s.parts), '）'
                )
            ) filter (where s.whole <> s.parts)
        )
    ) as detail
from summed as s
left join core.division as d on s.county_code = d.county_code and s.breakdown = d.division_code
group by s.county_code, s.period
