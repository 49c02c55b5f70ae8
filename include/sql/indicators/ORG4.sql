-- id: ORG4
-- zh: 出台协作文件
-- en: documents issued on the collaboration
-- unit: 份
-- source: work
-- datasets: [work_document]
-- measure: count(distinct title)
-- definition_zh: 期内印发的东西部协作文件，按文件名称去重
-- definition_en: documents issued in the period, distinct by title
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    d.title,
    d.batch_id,
    d.row_no
from period as p
inner join core.work_document as d
    on p.county_code = d.county_code and d.issued_on between p.first_day and p.last_day
