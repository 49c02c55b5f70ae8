-- zh: 年度任务按目前进度到年末能够完成
-- en: at the present pace the targets of the year are met by its end
-- severity: warns
-- left_zh: 有年度任务的指标（个），到最近一个有数据的月份
-- left_en: indicators with a target, at the last month with data
-- right_zh: 其中已完成或预计能够完成的
-- right_en: of which are met or forecast to be
-- datasets: [fund_allocation, fund_donation, fund_payment, fund_project, labour_job_fair, labour_placement, labour_training_class, labour_training_roster, sales_household, sales_order, sales_product, sales_supplier, work_agreement, work_enterprise, work_matchmaking, work_meeting, work_pairing, work_park, work_secondment, work_target, work_village, work_visit]
-- by: year
-- grain: one row a county and year with targets
-- reads: touched_year, mart.outlook, mart.indicator
with latest as (
    select
        o.county_code,
        c.year,
        max(o.period) as period
    from touched_year as c
    inner join mart.outlook as o
        on c.county_code = o.county_code and o.period between concat(c.year, '-01') and concat(c.year, '-12')
    where o.year_to_date is not null and o.period <= to_char(o.as_of, 'YYYY-MM')
    group by o.county_code, c.year
)

select
    l.county_code,
    l.year::text as period,
    count(*) as left_value,
    count(*) filter (where o.outlook in ('met', 'green')) as right_value,
    coalesce(
        audit.told(
            '按目前进度年末预计完不成：',
            array_agg(
                concat(
                    i.name_zh, '（任务', trim_scale(o.target), o.unit, '，预计',
                    trim_scale(round(o.forecast, case when o.unit in ('元', '%') then 2 else 0 end)), o.unit, '，',
                    o.move_zh, '）'
                )
            ) filter (where o.outlook = 'red')
        ), ''
    ) as detail
from latest as l
inner join mart.outlook as o on l.county_code = o.county_code and l.period = o.period
inner join mart.indicator as i on o.indicator_id = i.indicator_id
group by l.county_code, l.year
