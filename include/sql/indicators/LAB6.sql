-- id: LAB6
-- zh: 招聘会
-- en: job fairs
-- unit: 场
-- source: labour
-- datasets: [labour_job_fair]
-- relations: [fair_post]
-- measure: count(distinct (fair_date, fair_norm))
-- filters:
--   online: {where: "is_online", unknown: "is_online is null", zh: 其中：线上招聘会, en: of which online}
--   onsite: {where: "is_onsite", unknown: "is_onsite is null", zh: 其中：线下（现场）招聘会, en: of which on site}
-- definition_zh: 期内举办的招聘会，按日期和名称去重；线上线下同时举办的两边各计一次，没有写明举办形式或看不出的，使两边为下限
-- definition_en: fairs held in the period, distinct by day and name; one held both ways is in both parts, and one that does not tell how makes both lower bounds
select
    county_code,
    period_kind,
    period,
    null as town_code,
    fair_date,
    fair_norm,
    is_online,
    is_onsite,
    batch_id,
    row_no
from fair_post
