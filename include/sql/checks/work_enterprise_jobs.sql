-- zh: 企业填报的脱贫劳动力不超过吸纳就业人数
-- en: the lifted workers a firm states are part of its workers
-- left_zh: 写有脱贫劳动力的企业填报数
-- left_en: statements of firms that state lifted workers
-- right_zh: 其中不超过吸纳就业人数的填报数
-- right_en: of which not above all workers
-- datasets: [work_enterprise]
-- grain: one row a county
-- reads: touched_county, core.work_enterprise
with stated as (
    select
        e.county_code,
        e.name,
        e.stated_on,
        e.jobs_lifted > coalesce(e.jobs, 0) as is_above
    from touched_county as c
    inner join core.work_enterprise as e on c.county_code = e.county_code
    where e.jobs_lifted is not null
)

select
    county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where not is_above) as right_value,
    concat_ws(
        '；',
        audit.told('脱贫劳动力多于吸纳就业人数：', array_agg(concat(name, ' ', stated_on)) filter (where is_above))
    ) as detail
from stated
group by county_code
