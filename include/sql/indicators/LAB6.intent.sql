-- id: LAB6.intent
-- zh: 招聘会达成意向
-- en: people who came to terms at job fairs
-- unit: 人
-- source: labour
-- datasets: [labour_job_fair]
-- relations: [fair_post]
-- measure: sum(intent_n)
-- unknown: "intent_n is null"
-- definition_zh: 期内举办的招聘会填报的达成意向人数之和；有岗位未填的，为下限
-- definition_en: "sum over the posts of fairs held in the period: people who came to terms at job fairs; a lower bound where some posts state none"
select
    county_code,
    period_kind,
    period,
    null as town_code,
    intent_n,
    batch_id,
    row_no
from fair_post
