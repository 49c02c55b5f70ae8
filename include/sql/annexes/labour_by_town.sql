-- zh: 劳务协作分乡镇情况表
-- en: jobs and training by township
-- order: 3
-- spans: {year: year, month: year_to_date}
-- grain: one row a township of the county
-- reads: period, core.division, mart.indicator_value
-- columns:
--   town: {zh: 乡镇, kind: text}
--   lab1: {zh: 转移就业, kind: count, unit: 人, indicator: LAB1}
--   lab1_lifted: {zh: 其中：脱贫人口, kind: count, unit: 人, indicator: LAB1.lifted}
--   lab2: {zh: 赴东部结对省份, kind: count, unit: 人, indicator: LAB2}
--   lab3: {zh: 省内就近, kind: count, unit: 人, indicator: LAB3}
--   lab4: {zh: 其他地区, kind: count, unit: 人, indicator: LAB4}
--   trainees: {zh: 参加培训, kind: count, unit: 人, indicator: LAB5.trainees}
-- note_zh: 未注明乡镇的人员只计入合计。
with figure as (
    select
        p.county_code,
        v.indicator_id,
        v.breakdown,
        v.value
    from period as p
    inner join mart.indicator_value as v
        on p.county_code = v.county_code and p.period_kind = v.period_kind and p.period = v.period
    where v.indicator_id in ('LAB1', 'LAB1.lifted', 'LAB2', 'LAB3', 'LAB4', 'LAB5.trainees')
),

-- a township without a row has nothing to count only where the county told the figure at all
known as (
    select
        county_code,
        indicator_id
    from figure
    where breakdown = '' and value is not null
),

told as (
    select
        d.division_code,
        k.indicator_id,
        coalesce(f.value, 0) as value
    from core.division as d
    inner join known as k on d.county_code = k.county_code
    left join figure as f
        on d.county_code = f.county_code and d.division_code = f.breakdown and k.indicator_id = f.indicator_id
    where length(d.division_code) = 9 and (d.is_listed or f.value is not null)
)

select
    d.division_code as row_key,
    d.division_name as town,
    sum(t.value) filter (where t.indicator_id = 'LAB1') as lab1,
    sum(t.value) filter (where t.indicator_id = 'LAB1.lifted') as lab1_lifted,
    sum(t.value) filter (where t.indicator_id = 'LAB2') as lab2,
    sum(t.value) filter (where t.indicator_id = 'LAB3') as lab3,
    sum(t.value) filter (where t.indicator_id = 'LAB4') as lab4,
    sum(t.value) filter (where t.indicator_id = 'LAB5.trainees') as trainees
from core.division as d
inner join period as p on d.county_code = p.county_code and d.parent_code = p.county_code
inner join told as t on d.division_code = t.division_code
group by d.division_code, d.division_name
order by row_key
