-- id: LAB6.onboard
-- zh: 招聘会后入职
-- en: people who took a job offered at a fair
-- unit: 人
-- source: labour
-- datasets: [labour_job_fair]
-- relations: [fair_post]
-- measure: sum(onboard_n)
-- unknown: "onboard_n is null"
-- definition_zh: 期内举办的招聘会填报的后入职人数之和；有岗位未填的，为下限
-- definition_en: "sum over the posts of fairs held in the period: people who took a job offered at a fair; a lower bound where some posts state none"
select
    county_code,
    period_kind,
    period,
    null as town_code,
    onboard_n,
    batch_id,
    row_no
from fair_post
