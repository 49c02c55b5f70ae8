-- id: LAB5.subsidy
-- zh: 劳务协作培训补贴
-- en: subsidies of training classes
-- unit: 元
-- source: labour
-- datasets: [labour_training_class]
-- measure: sum(subsidy_yuan)
-- definition_zh: 期内开班的培训班填报的补贴金额之和；有班次未填或只写下限的，为下限
-- definition_en: sum of the subsidies that the classes which start in the period state; a class that states none, or a lower bound, makes it a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    c.subsidy_yuan,
    c.batch_id,
    c.row_no,
    c.subsidy_yuan is null or c.subsidy_yuan_at_least as is_at_least
from period as p
inner join core.labour_training_class as c
    on p.county_code = c.county_code and c.start_date between p.first_day and p.last_day
