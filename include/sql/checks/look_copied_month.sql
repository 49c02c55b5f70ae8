-- zh: 没有一个乡镇的就业数字与上个月完全一样
-- en: no township's labour figures are those of the month before, one by one
-- severity: warns
-- left_zh: 可比的乡镇月份数（当月至少十人，前一个月也有数）
-- left_en: months of townships with ten people at least, and figures for the month before
-- right_zh: 其中与上个月不完全一样的月份数
-- right_en: of which differ from the month before
-- datasets: [labour_job_fair, labour_placement, labour_training_class, labour_training_roster]
-- by: year
-- grain: one row a county and year
-- reads: touched_year, mart.indicator_value, core.division
with monthly as (
    select
        v.county_code,
        c.year,
        to_date(v.period, 'YYYY-MM') as month,
        v.breakdown,
        max(v.value) as largest,
        count(*) as figures,
        string_agg(concat(v.indicator_id, '=', trim_scale(v.value)), ' ' order by v.indicator_id) as said
    from touched_year as c
    inner join mart.indicator_value as v
        on
            c.county_code = v.county_code
            and v.period between concat(c.year, '-01') and concat(c.year, '-12')
    where v.period_kind = 'month' and v.breakdown <> '' and v.value > 0 and starts_with(v.indicator_id, 'LAB')
    group by v.county_code, c.year, v.period, v.breakdown
),

judged as (
    select
        m.county_code,
        m.year,
        m.month,
        m.breakdown,
        m.said = b.said as is_odd
    from monthly as m
    inner join monthly as b
        on
            m.county_code = b.county_code
            and m.breakdown = b.breakdown
            and b.month = (m.month - interval '1 month')::date
    where m.largest >= 10 and m.figures >= 3
)

select
    j.county_code,
    j.year::text as period,
    count(*) as left_value,
    count(*) filter (where not j.is_odd) as right_value,
    coalesce(
        audit.told(
            '', array_agg(concat(d.division_name, ' ', to_char(j.month, 'YYYY-MM'))) filter (where j.is_odd)
        ), ''
    ) as detail
from judged as j
left join core.division as d on j.county_code = d.county_code and j.breakdown = d.division_code
group by j.county_code, j.year
