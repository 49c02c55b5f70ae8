-- zh: 其中脱贫人口不超过总数（各期间、各乡镇）
-- en: people lifted out of poverty are part of the whole, in every period and township
-- left_zh: 有“其中脱贫人口”的指标值个数
-- left_en: figures of a lifted part
-- right_zh: 其中不超过总数的个数
-- right_en: of which not above the whole
-- datasets: [labour_placement, labour_training_roster, labour_training_class, work_enterprise]
-- by: year
-- grain: one row a county and month (its own figures and the year to date), and one a year
-- reads: touched_year, mart.indicator_value, mart.indicator, core.division
with judged as (
    select
        v.county_code,
        v.period_kind,
        v.period,
        v.breakdown,
        n.name_zh,
        v.value,
        coalesce(w.value, 0) as whole
    from touched_year as c
    inner join mart.indicator_value as v
        on
            c.county_code = v.county_code
            -- all kinds there are: named, they let the index find the year instead of reading all years of the county
            and v.period_kind in ('month', 'year_to_date', 'year')
            and v.period between c.year::text and c.year::text || '-12'
    inner join mart.indicator as n on v.indicator_id = n.indicator_id
    left join mart.indicator_value as w
        on
            v.county_code = w.county_code
            and v.period_kind = w.period_kind
            and v.period = w.period
            and v.breakdown = w.breakdown
            and replace(replace(v.indicator_id, 'LAB5.lifted', 'LAB5.trainees'), '.lifted', '') = w.indicator_id
    where v.indicator_id like '%.lifted' and v.value is not null
)

select
    j.county_code,
    j.period,
    count(*) as left_value,
    count(*) filter (where j.value <= j.whole) as right_value,
    concat_ws(
        '；',
        audit.told(
            '其中数大于总数：',
            array_agg(
                concat(
                    case j.period_kind when 'month' then '当月' when 'year_to_date' then '累计' else '全年' end,
                    coalesce(d.division_name, '全县'), ' ', j.name_zh,
                    '（', trim_scale(j.value), ' 大于 ', trim_scale(j.whole), '）'
                )
            ) filter (where j.value > j.whole)
        )
    ) as detail
from judged as j
left join core.division as d on j.county_code = d.county_code and j.breakdown = d.division_code
group by j.county_code, j.period
