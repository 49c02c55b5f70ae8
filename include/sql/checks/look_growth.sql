-- zh: 没有一个月的数字超过当年其他月份平均数的五倍（全县和各乡镇）
-- en: no month is more than five times the mean of the year's other months, of the county or of a township
-- severity: warns
-- left_zh: 当年可比的月度数字个数（至少三个月有数）
-- left_en: monthly figures of a year with at least three of them
-- right_zh: 其中不超过五倍的个数
-- right_en: of which are within the bound
-- datasets: [fund_allocation, fund_donation, fund_payment, fund_project, labour_job_fair, labour_placement, labour_training_class, labour_training_roster, sales_household, sales_order, sales_product, sales_supplier, work_agreement, work_enterprise, work_matchmaking, work_meeting, work_pairing, work_park, work_secondment, work_village, work_visit]
-- by: year
-- grain: one row a county and year
-- reads: touched_year, mart.indicator_value, mart.indicator, core.division
with monthly as (
    select
        v.county_code,
        left(v.period, 4) as year,
        v.period,
        v.indicator_id,
        v.breakdown,
        v.value,
        v.unit,
        count(*) over figure as months,
        sum(v.value) over figure as whole
    from touched_year as c
    inner join mart.indicator_value as v
        on
            c.county_code = v.county_code
            and v.period between concat(c.year, '-01') and concat(c.year, '-12')
    where v.period_kind = 'month' and v.value > 0
    window figure as (partition by v.county_code, left(v.period, 4), v.indicator_id, v.breakdown)
),

judged as (
    select
        m.county_code,
        m.year,
        m.period,
        m.indicator_id,
        m.breakdown,
        m.value,
        m.unit,
        (m.whole - m.value) / (m.months - 1) as mean,
        m.value > 5 * (m.whole - m.value) / (m.months - 1)
        -- a handful more is no growth
        and m.value - (m.whole - m.value) / (m.months - 1) >= case when m.unit = '元' then 1000000 else 30 end as is_odd
    from monthly as m
    where m.months >= 3
)

select
    j.county_code,
    j.year as period,
    count(*) as left_value,
    count(*) filter (where not j.is_odd) as right_value,
    coalesce(
        audit.told(
            '',
            array_agg(
                concat(
                    d.division_name, i.name_zh, ' ', j.period, ' 为 ', trim_scale(j.value), j.unit, '，其他月份平均 ',
                    trim_scale(round(j.mean, 1)), j.unit
                )
            ) filter (where j.is_odd)
        ), ''
    ) as detail
from judged as j
inner join mart.indicator as i on j.indicator_id = i.indicator_id
left join core.division as d on j.county_code = d.county_code and j.breakdown = d.division_code
group by j.county_code, j.year
