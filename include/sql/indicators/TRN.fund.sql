-- id: TRN.fund
-- zh: 干部人才培训经费
-- en: money for training of officials, professionals and leaders
-- unit: 元
-- source: work
-- datasets: [work_training]
-- measure: sum(fund_yuan)
-- definition_zh: 期内开班的干部人才培训班填报的培训经费之和；有班次未填或只写下限的，为下限
-- definition_en: sum of what the classes that start in the period cost; a class that states nothing, or a lower bound, makes it a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    t.fund_yuan,
    t.batch_id,
    t.row_no,
    t.fund_yuan is null or t.fund_yuan_at_least as is_at_least
from period as p
inner join core.work_training as t
    on
        p.county_code = t.county_code
        and t.started_on between p.first_day and p.last_day
