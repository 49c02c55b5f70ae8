-- zh: 各乡镇全年数字不超过本县乡镇中位数的十倍
-- en: no township's figure of the year is more than ten times the median of the county's townships
-- severity: warns
-- left_zh: 可比的乡镇数字个数（至少五个乡镇有数）
-- left_en: figures of townships where at least five have one
-- right_zh: 其中不超过十倍的个数
-- right_en: of which are within the bound
-- datasets: [fund_allocation, fund_donation, fund_payment, fund_project, labour_job_fair, labour_placement, labour_training_class, labour_training_roster, sales_household, sales_order, sales_product, sales_supplier, work_agreement, work_enterprise, work_matchmaking, work_meeting, work_pairing, work_park, work_secondment, work_village, work_visit]
-- by: year
-- grain: one row a county and year
-- reads: touched_year, mart.indicator_value, mart.indicator, core.division
with middle as (
    select
        v.county_code,
        v.period,
        v.indicator_id,
        count(*) as townships,
        percentile_cont(0.5) within group (order by v.value) as median
    from touched_year as c
    inner join mart.indicator_value as v on c.county_code = v.county_code and v.period = c.year::text
    where v.period_kind = 'year' and v.breakdown <> '' and v.value > 0
    group by v.county_code, v.period, v.indicator_id
),

judged as (
    select
        v.county_code,
        v.period,
        v.indicator_id,
        v.breakdown,
        v.value,
        v.unit,
        m.median,
        v.value > 10 * m.median and v.value - m.median >= case when v.unit = '元' then 1000000 else 30 end as is_odd
    from middle as m
    inner join mart.indicator_value as v
        on m.county_code = v.county_code and m.period = v.period and m.indicator_id = v.indicator_id
    where m.townships >= 5 and v.period_kind = 'year' and v.breakdown <> '' and v.value > 0
)

select
    j.county_code,
    j.period,
    count(*) as left_value,
    count(*) filter (where not j.is_odd) as right_value,
    coalesce(
        audit.told(
            '',
            array_agg(
                concat(
                    d.division_name, i.name_zh, ' ', trim_scale(j.value), j.unit, '，各乡镇中位数 ',
                    trim_scale(round(j.median::numeric, 1)), j.unit
                )
            ) filter (where j.is_odd)
        ), ''
    ) as detail
from judged as j
inner join mart.indicator as i on j.indicator_id = i.indicator_id
left join core.division as d on j.county_code = d.county_code and j.breakdown = d.division_code
group by j.county_code, j.period
