-- id: LAB6.views
-- zh: 直播观看
-- en: live-stream views
-- unit: 人次
-- source: labour
-- datasets: [labour_job_fair]
-- relations: [fair_post]
-- measure: sum(viewers)
-- definition_zh: 期内举办的招聘会的直播观看人次，每场取填报的最大数，各场相加
-- definition_en: views of the fairs held in the period, of each fair the largest figure stated, summed
select distinct on (county_code, period_kind, period, fair_date, fair_norm)
    county_code,
    period_kind,
    period,
    null as town_code,
    viewers,
    batch_id,
    row_no
from fair_post
where viewers is not null
order by county_code, period_kind, period, fair_date, fair_norm, viewers desc, batch_id, row_no
