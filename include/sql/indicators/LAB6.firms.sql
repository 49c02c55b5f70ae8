-- id: LAB6.firms
-- zh: 招聘会推荐企业
-- en: firms at job fairs
-- unit: 家
-- source: labour
-- datasets: [labour_job_fair]
-- relations: [fair_post]
-- measure: count(distinct firm_key)
-- definition_zh: 期内举办的招聘会上的企业，按统一社会信用代码去重，没有代码的按名称
-- definition_en: firms at fairs held in the period, distinct by credit code, else by name
select
    county_code,
    period_kind,
    period,
    null as town_code,
    firm_key,
    batch_id,
    row_no
from fair_post
