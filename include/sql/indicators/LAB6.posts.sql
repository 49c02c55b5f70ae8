-- id: LAB6.posts
-- zh: 招聘会提供岗位
-- en: posts offered at job fairs
-- unit: 个
-- source: labour
-- datasets: [labour_job_fair]
-- relations: [fair_post]
-- measure: sum(headcount)
-- definition_zh: 期内举办的招聘会的招聘人数之和
-- definition_en: sum of the headcounts at fairs held in the period
select
    county_code,
    period_kind,
    period,
    null as town_code,
    headcount,
    batch_id,
    row_no
from fair_post
